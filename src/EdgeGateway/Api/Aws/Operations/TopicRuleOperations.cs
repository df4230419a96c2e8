using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Rules;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Rules. A missing one is UnauthorizedException, as AWS answers.</summary>
internal sealed class TopicRuleOperations(IRules rules, PassRole passRole, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    private const int MaxPage = 10_000;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateTopicRule", CreateAsync),
        new("ReplaceTopicRule", ReplaceAsync),
        new("GetTopicRule", Get),
        new("ListTopicRules", List),
        new("EnableTopicRule", (call, cancellationToken) => SwitchAsync(call, enabled: true, cancellationToken)),
        new("DisableTopicRule", (call, cancellationToken) => SwitchAsync(call, enabled: false, cancellationToken)),
        new("DeleteTopicRule", DeleteAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("ruleName");
        var wanted = TagsOf(call);
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        if (RuleJson.Parse(call.Payload.Span, out var error) is not { } definition)
            return Refuse(error!, name);
        if (passRole.Refusal(call.Caller, definition) is { } forbidden)
            return AwsReply.Error(403, "AccessDeniedException", forbidden);
        if (await rules.CreateAsync(name, definition, cancellationToken) is { } failed)
            return Refuse(failed, name);
        await tags.ReplaceAsync(Arn(name), wanted, cancellationToken);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> ReplaceAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("ruleName");
        if (RuleJson.Parse(call.Payload.Span, out var error) is not { } definition)
            return Refuse(error!, name);
        if (passRole.Refusal(call.Caller, definition) is { } forbidden)
            return AwsReply.Error(403, "AccessDeniedException", forbidden);
        return Answer(await rules.ReplaceAsync(name, definition, cancellationToken), name);
    }

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("ruleName");
        if (rules.Find(name) is not { } rule)
            return new(Refuse(new(RuleErrorKind.NotFound, $"there is no rule {name}, or it is not for you"), name));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("ruleArn", Arn(name));
            writer.WritePropertyName("rule");
            RuleJson.Write(writer, rule);
        }));
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var (topic, disabled) = (call.Query("topic"), call.QueryBoolean("ruleDisabled"));
        var page = call.Page(
            rules.All,
            static rule => rule.Name,
            rule => (disabled is null || disabled == rule.Definition.RuleDisabled) && (topic is null || Takes(rule, topic)),
            MaxPage);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("rules", page.Items, (item, rule) =>
            {
                item.WriteString("ruleArn", Arn(rule.Name));
                item.WriteString("ruleName", rule.Name);
                item.WriteOptional("topicPattern", rules.FilterOf(rule.Name));
                item.WriteTime("createdAt", rule.CreatedAt);
                item.WriteBoolean("ruleDisabled", rule.Definition.RuleDisabled);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> SwitchAsync(AwsCall call, bool enabled, CancellationToken cancellationToken)
    {
        var name = call.Label("ruleName");
        return Answer(await rules.SetEnabledAsync(name, enabled, cancellationToken), name);
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("ruleName");
        if (await rules.DeleteAsync(name, cancellationToken) is { } refused)
            return Refuse(refused, name);
        await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    // A filter finds the rules that have it, a topic those that take it.
    private bool Takes(Rule rule, string topic) =>
        rules.FilterOf(rule.Name) is { } filter && (filter == topic || (Topics.IsValidName(topic) && Topics.Matches(filter, topic)));

    // In query-string form, a=b&c=d.
    private static Dictionary<string, string> TagsOf(AwsCall call)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (call.Header("x-amz-tagging") ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            wanted[Uri.UnescapeDataString(parts[0].Replace('+', ' '))] = parts.Length == 2 ? Uri.UnescapeDataString(parts[1].Replace('+', ' ')) : "";
        }
        return wanted;
    }

    private AwsReply Answer(RuleError? error, string name) => error is null ? AwsReply.Empty : Refuse(error, name);

    private AwsReply Refuse(RuleError error, string name) => error.Kind switch
    {
        RuleErrorKind.SqlParse => AwsReply.Error(400, "SqlParseException", error.Message),
        RuleErrorKind.AlreadyExists => AwsReply.Error(409, "ResourceAlreadyExistsException", error.Message, Arn(name), name),
        RuleErrorKind.NotFound => AwsReply.Error(401, "UnauthorizedException", error.Message),
        RuleErrorKind.Conflict => AwsReply.Error(409, "ConflictingResourceUpdateException", error.Message),
        _ => AwsReply.Error(400, "InvalidRequestException", error.Message),
    };

    private string Arn(string name) => gateway.Arn($"rule/{name}");
}
