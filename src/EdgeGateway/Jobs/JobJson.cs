using System.Text.Json.Serialization;

namespace EdgeGateway.Jobs;

/// <summary>Jobs, templates, streams and commands as they are kept.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Job)), JsonSerializable(typeof(JobTemplate)), JsonSerializable(typeof(Streams.FileStream)), JsonSerializable(typeof(Commands.Command)), JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class JobJson : JsonSerializerContext;
