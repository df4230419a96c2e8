using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGateway.Pages.Wire;

/// <summary>The wire types of <c>/edge/v1</c>, read and written without reflection: the trimmer keeps only what is named here.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GatewayStatus))]
[JsonSerializable(typeof(IReadOnlyList<WiredDevice>))]
[JsonSerializable(typeof(IReadOnlyList<ClientStatus>))]
[JsonSerializable(typeof(IReadOnlyList<RuleStatus>))]
[JsonSerializable(typeof(IReadOnlyList<ThingSummary>))]
[JsonSerializable(typeof(IReadOnlyList<DriverSummary>))]
[JsonSerializable(typeof(RuleTestRequest))]
[JsonSerializable(typeof(RuleTestResponse))]
[JsonSerializable(typeof(SessionStatus))]
[JsonSerializable(typeof(SignInAttempt))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJson : JsonSerializerContext;
