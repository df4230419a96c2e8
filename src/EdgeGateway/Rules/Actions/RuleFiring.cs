using EdgeGateway.Messaging;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>One message for which a rule fires, as its actions see it.</summary>
/// <param name="Message">The original message: templates see this, never the output (AWS guide: Rules).</param>
/// <param name="Payload">The outgoing payload; for the error action its document.</param>
/// <param name="IsJson">Whether <paramref name="Payload"/> is JSON.</param>
/// <param name="Hops">Rules the original message has been through.</param>
internal sealed record RuleFiring(string RuleName, SqlMessage Message, SqlStatement Statement, SqlContext Context, ReadOnlyMemory<byte> Payload, bool IsJson, int Hops)
{
    /// <summary>Role of the action at work, as it names it.</summary>
    public string? Role { get; init; }

    public IRuleRoles? Roles { get; init; }

    /// <summary>When the message came, Unix milliseconds.</summary>
    public long StoredAt { get; init; }

    /// <summary>Where the message lies in the journal; negative where it does not.</summary>
    public long Source { get; init; } = -1;

    /// <summary>Which receivers of which action have it already.</summary>
    public SentParts Sent { get; } = new();

    /// <summary>It came before a crash: what was stored of it then is not stored again.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Why the action's role does not allow this; null where it does. No retry: a permission does not come by waiting.</summary>
    /// <param name="service">Of the ARN, such as `iot`.</param>
    /// <param name="what">Its last part, such as `topic/a`.</param>
    public RuleActionFailure? Denied(string action, string service, string what) =>
        Roles?.Refusal(Role, action, $"arn:aws:{service}:{Context.Region}:{Context.AccountId}:{what}") is { } refusal ? new(what, refusal, "AccessDenied", IsRecoverable: false) : null;

    /// <inheritdoc cref="Denied"/>
    /// <param name="arn">Of a service whose names have neither region nor account.</param>
    public RuleActionFailure? DeniedArn(string action, string arn, string resource) =>
        Roles?.Refusal(Role, action, arn) is { } refusal ? new(resource, refusal, "AccessDenied", IsRecoverable: false) : null;

    /// <summary>What a rule publishes carries its name and one hop more, so that a chain of rules ends.</summary>
    public MessageOrigin Origin => new($"rule:{RuleName}", Hops + 1);

    /// <exception cref="RuleTemplateException">The template failed, or came to nothing where something is required.</exception>
    public string Render(SqlTemplate template, string parameter, bool required = true)
    {
        var text = template.Render(Message, Context, Statement, out var failure);
        if (failure is not null)
            throw new RuleTemplateException(parameter, $"{parameter}: {failure.Function}: {failure.Message}");
        return text is null or "" && required ? throw new RuleTemplateException(parameter, $"{parameter} is empty once rendered") : text ?? "";
    }
}
