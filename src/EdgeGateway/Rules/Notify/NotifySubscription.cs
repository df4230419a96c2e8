namespace EdgeGateway.Rules.Notify;

/// <summary>Who is told what is published to a topic of `sns`.</summary>
/// <param name="Protocol">`http`, `https`, `mqtt`, `lambda` or `email`.</param>
/// <param name="Endpoint">An address, an MQTT topic, the name of a function, or a mail address.</param>
public sealed record NotifySubscription(long Id, string Topic, string Protocol, string Endpoint)
{
    public static bool IsValidTopic(string topic) => topic.Length is >= 1 and <= 256 && topic.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
