/**
 * Events as TensorBoard reads them from a file: messages of its event.proto, summary.proto and the HParams plugin's
 * plugin_data.proto, of which the fields below are written, each framed as a TFRecord.
 */
import protobuf from 'protobufjs/light.js';
import { crc32c } from './crc32c.js';

export interface TensorboardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly TensorboardValue[] };
}

interface TensorboardValue {
  readonly tag: string;
  /** Kept as a 32-bit float. */
  readonly simpleValue?: number;
  readonly metadata?: { readonly pluginData: { readonly pluginName: string; readonly content: Uint8Array } };
}

/** What a hyperparameter is, as a message of google.protobuf. */
export type HparamValue =
  { readonly numberValue: number } | { readonly stringValue: string } | { readonly boolValue: boolean };

export interface HparamsData {
  readonly sessionStartInfo?: {
    readonly hparams: Readonly<Record<string, HparamValue>>;
    readonly startTimeSecs: number;
  };
  readonly sessionEndInfo?: {
    readonly status: (typeof hparamsStatus)['success' | 'failure'];
    readonly endTimeSecs: number;
  };
}

export const hparamsStatus = { success: 1, failure: 2 } as const;

interface Field {
  readonly id: number;
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
}

/** @param kinds fields of which one is given, and written also where it is 0, false or empty */
const message = (fields: Record<string, Field>, ...kinds: string[]) =>
  kinds.length === 0 ? { fields } : { fields, oneofs: { kind: { oneof: kinds } } };

const root = protobuf.Root.fromJSON({
  nested: {
    Event: message({
      wallTime: { id: 1, type: 'double' },
      step: { id: 2, type: 'int64' },
      fileVersion: { id: 3, type: 'string' },
      summary: { id: 5, type: 'Summary' },
    }),
    Summary: message({ value: { id: 1, type: 'SummaryValue', rule: 'repeated' } }),
    SummaryValue: message(
      {
        tag: { id: 1, type: 'string' },
        simpleValue: { id: 2, type: 'float' },
        metadata: { id: 9, type: 'SummaryMetadata' },
      },
      'simpleValue',
    ),
    SummaryMetadata: message({ pluginData: { id: 1, type: 'PluginData' } }),
    PluginData: message({ pluginName: { id: 1, type: 'string' }, content: { id: 2, type: 'bytes' } }),
    HParamsPluginData: message({
      version: { id: 1, type: 'int32' },
      sessionStartInfo: { id: 3, type: 'SessionStartInfo' },
      sessionEndInfo: { id: 4, type: 'SessionEndInfo' },
    }),
    SessionStartInfo: message({
      hparams: { id: 1, type: 'Value', keyType: 'string' },
      startTimeSecs: { id: 5, type: 'double' },
    }),
    SessionEndInfo: message({ status: { id: 1, type: 'int32' }, endTimeSecs: { id: 2, type: 'double' } }),
    Value: message(
      {
        numberValue: { id: 2, type: 'double' },
        stringValue: { id: 3, type: 'string' },
        boolValue: { id: 4, type: 'bool' },
      },
      'numberValue',
      'stringValue',
      'boolValue',
    ),
  },
});
const [eventType, hparamsType] = ['Event', 'HParamsPluginData'].map((name) => root.lookupType(name)) as [
  protobuf.Type,
  protobuf.Type,
];

/** One event as a TFRecord: its length, the length's checksum, the message, the message's checksum. */
export function encodeEvent(event: TensorboardEvent): Buffer {
  const data = eventType.encode(event).finish();
  const header = Buffer.alloc(8);
  header.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([header, maskedChecksum(header), data, maskedChecksum(data)]);
}

/** A value of the HParams plugin. */
export function hparamsValue(tag: string, data: HparamsData): TensorboardValue {
  const content = hparamsType.encode({ version: 0, ...data }).finish();
  return { tag, metadata: { pluginData: { pluginName: 'hparams', content } } };
}

/** As TFRecord masks it: the checksum of data that holds checksums would be a weak one. */
function maskedChecksum(data: Uint8Array): Buffer {
  const crc = crc32c(data);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(masked);
  return bytes;
}
