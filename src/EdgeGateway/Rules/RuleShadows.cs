using EdgeGateway.Shadows;

namespace EdgeGateway.Rules;

/// <summary>`get_thing_shadow` from the shadow slice: state, metadata, version and time of the last change, as a shadow get answers.</summary>
internal sealed class RuleShadows(IShadows shadows) : IRuleShadows
{
    public ReadOnlyMemory<byte>? Find(string thingName, string? shadowName)
    {
        var id = new ShadowId(thingName, shadowName ?? "");
        if (!id.IsValid || shadows.Find(id) is not { Exists: true } shadow)
            return null;
        return RuleJson.Object(writer =>
        {
            writer.WritePropertyName("state");
            writer.WriteRawValue(shadow.State.Span);
            writer.WritePropertyName("metadata");
            writer.WriteRawValue(shadow.Metadata());
            writer.WriteNumber("version", shadow.Version);
            writer.WriteNumber("timestamp", shadow.ChangedAt);
        });
    }
}
