using System.Text.Json.Serialization;

namespace EdgeGateway.Jobs;

/// <summary>Jobs and templates as they are kept.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Job)), JsonSerializable(typeof(JobTemplate)), JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class JobJson : JsonSerializerContext;
