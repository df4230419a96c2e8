using System.Text.Json.Serialization;

namespace EdgeGateway.Api.Catalog;

/// <summary>How the wire types of the registry and of access keys are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ThingResponse[]))]
[JsonSerializable(typeof(ThingDetail))]
[JsonSerializable(typeof(ThingRequest))]
[JsonSerializable(typeof(ThingChangeRequest))]
[JsonSerializable(typeof(TypeResponse[]))]
[JsonSerializable(typeof(TypeRequest))]
[JsonSerializable(typeof(DeprecationRequest))]
[JsonSerializable(typeof(GroupResponse[]))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(GroupChangeRequest))]
[JsonSerializable(typeof(BillingGroupResponse[]))]
[JsonSerializable(typeof(BillingGroupRequest))]
[JsonSerializable(typeof(AccessKeyRequest))]
[JsonSerializable(typeof(AccessKeyResponse[]))]
[JsonSerializable(typeof(AccessTokenRequest))]
[JsonSerializable(typeof(AccessTokenResponse[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(int?))]
internal sealed partial class CatalogJson : JsonSerializerContext;
