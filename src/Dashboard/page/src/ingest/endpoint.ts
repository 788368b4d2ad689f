/** The address to paste: a server that listens on every interface is reached where the page came from. */
export function endpointAddress(endpoint: string, pageHost: string): string {
  if (endpoint.includes('://')) return endpoint;
  return `http://${endpoint.replace(/^(0\.0\.0\.0|\[::\]|\*)(?=:)/, pageHost)}`;
}

export interface Paste {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The lines that make any OpenTelemetry SDK send here. */
export function pastes(grpc: string | null, http: string | null, pageHost: string): Paste[] {
  const paste = (title: string, protocol: string, endpoint: string): Paste => ({
    title,
    lines: [
      `OTEL_EXPORTER_OTLP_ENDPOINT=${endpointAddress(endpoint, pageHost)}`,
      `OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
    ],
  });
  return [
    ...(grpc === null ? [] : [paste('gRPC', 'grpc', grpc)]),
    ...(http === null ? [] : [paste('HTTP', 'http/protobuf', http)]),
  ];
}
