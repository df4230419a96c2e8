namespace EdgeGateway.Registry;

/// <summary>One MQTT 5 user property taken from a thing; exactly one of the two sources is set.</summary>
/// <param name="UserPropertyKey">Name of the user property.</param>
/// <param name="ThingAttribute">Attribute of the thing whose value it takes.</param>
/// <param name="ConnectionAttribute">Or of the connection: <c>iot:ClientId</c> or <c>iot:Thing.ThingName</c>.</param>
public sealed record PropagatingAttribute(string UserPropertyKey, string? ThingAttribute, string? ConnectionAttribute);
