using System.Text;
using EdgeGateway.Rules;

namespace EdgeGateway.Api;

/// <summary>Trials between wire and slice, and without a gateway for <c>edgegateway sql</c>.</summary>
internal static class RuleTests
{
    /// <summary>Null where the base64 is none.</summary>
    public static RuleTrialMessage? Read(RuleTestMessage message)
    {
        ReadOnlyMemory<byte> payload = message.Payload is { } json ? Encoding.UTF8.GetBytes(json.GetRawText()) : default;
        if (message.PayloadBase64 is { } text)
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length))
                return null;
            payload = bytes.AsMemory(0, length);
        }
        return new(message.Topic, payload)
        {
            ClientId = message.ClientId,
            Timestamp = message.Timestamp is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
            UserProperties = [.. message.UserProperties ?? new Dictionary<string, string>()],
        };
    }

    public static RuleTestResult Write(RuleTrialResult result) => new()
    {
        Matched = result.Matched,
        WhyNot = result.WhyNot,
        Output = result is { IsJson: true, Output: { } json } ? RuleEndpoints.Json(Encoding.UTF8.GetString(json.Span)) : null,
        OutputBase64 = result is { IsJson: false, Output: { } bytes } ? Convert.ToBase64String(bytes.Span) : null,
        More = [.. result.More.Where(static bytes => bytes.Length > 0).Select(static bytes => RuleEndpoints.Json(Encoding.UTF8.GetString(bytes.Span)))],
        Error = result.Error,
        Notes = result.Notes,
        Actions = [.. result.Actions.Select(RuleEndpoints.Json)],
    };

    /// <summary>Evaluates here and now; null where the statement asks a gateway.</summary>
    /// <param name="error">Why the statement was refused, with line and column.</param>
    public static RuleTestResponse? RunLocally(string sql, string version, RuleTestMessage message, out string? error) =>
        SqlConsole.Run(sql, version, Read(message)!, out error, out var warnings) is { } result ? new([Write(result)], warnings) : null;

    /// <summary>Whether a statement asks what only a gateway knows.</summary>
    public static bool AsksGateway(string sql, string version) => SqlConsole.AsksGateway(sql, version);
}
