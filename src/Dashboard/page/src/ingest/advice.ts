import { count } from '../words/format.ts';
import type { IngestReport, MetricUse } from './report.ts';

/** What to do about each reason, for whoever runs the sender. */
const advice: Readonly<Record<string, string>> = {
  malformed: 'The bodies are cut short or not what their content type says. Check the exporter’s version, and proxies on the way.',
  too_large: 'Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE), or raise Kpi:Collector:MaxRequestBytes.',
  unsupported_encoding: 'Set OTEL_EXPORTER_OTLP_COMPRESSION to gzip or none.',
  bad_compression: 'The bodies do not inflate. Look for a proxy that unpacks them or cuts them off.',
  unsupported_content_type: 'Set OTEL_EXPORTER_OTLP_PROTOCOL to what the port speaks: grpc, or http/protobuf and http/json.',
  unknown_path: 'Give the endpoint without a path: SDKs add /v1/traces, /v1/metrics or /v1/logs themselves.',
  unsupported_method: 'Something other than an exporter asks here. Point health checks at /healthz of this page.',
  bad_framing: 'Not gRPC, or framed wrongly. Check that exporter and port speak the same protocol.',
  overloaded: 'Senders were asked to try again and lose nothing if they do. If it lasts, send less or give this server more.',
  not_durable: 'The journal is full or its disk fails. Senders were asked to try again; look at the disk.',
  unauthenticated: 'Set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN with a token that this server knows.',
  deadline_exceeded: 'The sender waited too short for its answer: raise OTEL_EXPORTER_OTLP_TIMEOUT.',
  aborted: 'The sender left before its body was complete: raise OTEL_EXPORTER_OTLP_TIMEOUT, or look why it was stopped.',
  invalid_id: 'Trace ids have 16 bytes and span ids 8, not all zero. Look at whoever makes them up.',
  invalid_utf8: 'A name or value is not UTF-8. Encode or drop it in the sender.',
  no_time: 'Spans need an end and points a time. Look at whoever builds them by hand.',
  too_old: 'Older than is kept. Check the sender’s clock, or a queue that was stuck; for old files there is kpi import.',
  too_far_ahead: 'The clock of the sender is ahead of ours. Switch on time synchronisation there.',
  no_value: 'A point has no value and does not say so. Update the exporter.',
  not_finite: 'A counter is NaN or infinite. Look for a division by zero where it is counted.',
  negative_value: 'A counter is below zero. What may fall is an up-down counter or a gauge.',
  no_temporality: 'Sums and histograms are delta or cumulative. Update the exporter.',
  too_many_samples: 'One request brought more than 128 MiB of samples. Send smaller batches.',
  invalid_buckets: 'Bucket counts do not add up or bounds do not ascend. Update the exporter.',
  invalid_name: 'Give the metric a name of at most 256 bytes.',
  too_many_labels: 'Drop attributes: a point may have 64, their names 256 bytes.',
  label_kept: 'A rule of labels.yaml drops or limits a label of running totals or gauges, which do not add up without it. Send increases (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta), let the rule hash it, or drop it in the sender.',
  end_before_start: 'Counted without a duration. Two clocks took part: measure durations with one.',
  no_start_time: 'Counted without a duration. Set the start time.',
  long_label_value: 'Counted as _OTHER. Shorten the attribute, or keep it out of metrics.',
  invalid_status_code: 'The status code was left out. Send a number of three digits.',
  unknown_start: 'Usual after a restart of either side: a first running total says nothing yet.',
  duplicate_point: 'The same total came twice. Two pipelines may carry the same metrics.',
  out_of_order: 'Totals came in the wrong order. Send each series over one way.',
  reset_without_start: 'Counted as a new beginning. The sender should renew its start time when it restarts.',
  overlapping_senders: 'Two senders write one series. Give each a service.instance.id of its own.',
  buckets_changed: 'The bounds changed without a new start. Restart the sender when its views change.',
  interval_not_shared: 'A long interval was counted in its last ten seconds. Export more often.',
};

export function adviceFor(reason: string, report: Pick<IngestReport, 'metrics' | 'series' | 'seriesLimit'>): string {
  return reason === 'too_many_series' || reason === 'series_overflow' ? seriesAdvice(report) : (advice[reason] ?? '');
}

function seriesAdvice({ metrics, series, seriesLimit }: Pick<IngestReport, 'metrics' | 'series' | 'seriesLimit'>): string {
  const worst = metrics[0];
  if (worst?.overflowed) return metricAdvice(worst);
  if (worst && series >= seriesLimit) return `All room for series is taken, most of it by ${worst.name}. ${dropWidest(worst)}`;
  return 'There is room again. Keep ids of users, requests and the like out of metrics’ attributes.';
}

/** Names the label to drop; empty while the metric has room. */
export function metricAdvice(metric: MetricUse): string {
  return metric.overflowed ? `${metric.name} has ${count(metric.series)} series, all it may have. ${dropWidest(metric)}` : '';
}

function dropWidest({ labels }: MetricUse): string {
  const widest = labels[0];
  return widest && widest.values > 1
    ? `Drop its label ${widest.name} (${count(widest.values)} values) in the sender or in labels.yaml, or raise Kpi:Rollups:SeriesPerMetric.`
    : 'Raise Kpi:Rollups:SeriesPerMetric.';
}
