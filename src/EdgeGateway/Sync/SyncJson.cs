using System.Text.Json.Serialization;

namespace EdgeGateway.Sync;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UpstreamStatus))]
internal sealed partial class SyncJson : JsonSerializerContext;
