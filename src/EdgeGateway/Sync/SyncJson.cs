using System.Text.Json.Serialization;

namespace EdgeGateway.Sync;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UpstreamStatus))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SyncJson : JsonSerializerContext;
