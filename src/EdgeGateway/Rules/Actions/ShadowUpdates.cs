using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>Shadow updates go as messages on the reserved topics, as a device's own would.</summary>
internal static class ShadowUpdates
{
    public static async ValueTask<RuleActionFailure?> PublishAsync(
        IMessageBus bus, RuleFiring firing, string thing, string? shadow, string part, ReadOnlyMemory<byte> state, RulesOptions options, CancellationToken cancellationToken)
    {
        if (!IsName(thing) || (shadow is not null && !IsName(shadow)))
            return new(thing, $"{thing} {shadow} is no name of a shadow", "InvalidName", IsRecoverable: false);
        if (!SqlJson.TryParse(state.Span, SqlVersion.V20160323, out var value) || value.Kind != SqlKind.Object)
            return new(thing, "a shadow takes a JSON object; give the SELECT's items names", "InvalidPayload", IsRecoverable: false);
        if (firing.Denied("iot:UpdateThingShadow", "iot", shadow is null ? $"thing/{thing}" : $"thing/{thing}/{shadow}") is { } denied)
            return denied;
        var topic = shadow is null ? $"$aws/things/{thing}/shadow/update" : $"$aws/things/{thing}/shadow/name/{shadow}/update";
        var payload = RuleJson.Object(writer =>
        {
            writer.WriteStartObject("state");
            writer.WritePropertyName(part);
            writer.WriteRawValue(Encoding.UTF8.GetString(state.Span));
            writer.WriteEndObject();
        });
        return await bus.PublishAsync(firing, new ApplicationMessage(topic, payload) { QualityOfService = QualityOfService.AtLeastOnce }, options, cancellationToken);
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-');
}
