import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

/** The part of a hub connection that the page uses; one line serves one attempt and is then thrown away. */
export interface HubLine {
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke<T>(method: string, ...args: unknown[]): Promise<T>;
  on(method: string, take: (message: never) => void): void;
  onclose(closed: () => void): void;
}

export function openHubLine(): HubLine {
  return new HubConnectionBuilder()
    .withUrl(new URL('hubs/status', document.baseURI).href)
    .configureLogging(LogLevel.None) // The page itself says when the line is lost.
    .build();
}
