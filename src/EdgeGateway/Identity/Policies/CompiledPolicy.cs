using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGateway.Identity.Policies;

/// <summary>The policies of one connection, made ready to answer per packet.</summary>
/// <remarks>
/// All that a connection's context decides is decided here, once: conditions are evaluated and their statements kept or dropped, variables are filled in,
/// and the fixed front of the ARN (<c>arn:aws:iot:REGION:ACCOUNT:topic/</c>) is taken off each pattern. What remains per action are two lists of globs over
/// topic bytes: those that deny, asked first, and those that allow.
/// Hot path: 0 bytes allocated.
/// </remarks>
internal sealed class CompiledPolicy
{
    // Of documents that say the same to everybody: thousands of connections share what one was made ready for.
    private static readonly ConditionalWeakTable<PolicyDocument, Actions> Shared = [];
    private readonly Actions _actions;

    private CompiledPolicy(PolicyDecision connect, Actions actions)
    {
        Connect = connect;
        _actions = actions;
    }

    /// <summary>Answer to iot:Connect for the connection's own client id.</summary>
    public PolicyDecision Connect { get; }

    public PolicyDecision Publish(ReadOnlySpan<byte> topic) => _actions.Publish.Decide(topic);

    public PolicyDecision RetainPublish(ReadOnlySpan<byte> topic) => _actions.RetainPublish.Decide(topic);

    public PolicyDecision Subscribe(ReadOnlySpan<byte> filter) => _actions.Subscribe.Decide(filter);

    public PolicyDecision Receive(ReadOnlySpan<byte> topic) => _actions.Receive.Decide(topic);

    /// <param name="arnPrefix"><c>arn:aws:iot:REGION:ACCOUNT:</c> of this gateway.</param>
    public static CompiledPolicy Compile(
        IReadOnlyList<PolicySource> policies, string clientId, PolicyContext context, string arnPrefix, PolicyRules? rules = null)
    {
        rules ??= PolicyRules.Default;
        var actions = policies is [{ Document: var only }] && SaysTheSameToAll(only) ? OfAll(only, arnPrefix, rules) : Actions.From(policies, context, arnPrefix, rules);
        return new CompiledPolicy(actions.Connect.Decide(Encoding.UTF8.GetBytes(clientId)), actions);
    }

    private static Actions OfAll(PolicyDocument document, string arnPrefix, PolicyRules rules)
    {
        if (Shared.TryGetValue(document, out var known) && known.ArnPrefix == arnPrefix && known.Rules == rules)
            return known;
        var made = Actions.From([new PolicySource("", "", "", document)], new PolicyContext(), arnPrefix, rules);
        Shared.AddOrUpdate(document, made);
        return made;
    }

    private static bool SaysTheSameToAll(PolicyDocument document) =>
        document.Statements.All(static statement => statement.Conditions.Count == 0 && !statement.Resources.Any(static pattern => pattern.HasVariables));

    /// <summary>What the policies say to each action of MQTT.</summary>
    private sealed record Actions(string ArnPrefix, PolicyRules Rules, ActionRules Connect, ActionRules Publish, ActionRules RetainPublish, ActionRules Subscribe, ActionRules Receive)
    {
        public static Actions From(IReadOnlyList<PolicySource> policies, PolicyContext context, string arnPrefix, PolicyRules rules)
        {
            var applicable = policies.SelectMany(static policy => policy.Document.Statements).Where(statement => PolicyInterpreter.ConditionsHold(statement, context)).ToList();
            return new(
                arnPrefix, rules, Of(PolicyActions.Connect, "client/"), Of(PolicyActions.Publish, "topic/"), Of(PolicyActions.RetainPublish, "topic/"),
                Of(PolicyActions.Subscribe, "topicfilter/"), Of(PolicyActions.Receive, "topic/"));

            ActionRules Of(string action, string kind) =>
                ActionRules.From(applicable.Where(statement => PolicyInterpreter.ActionMatches(statement, action)), context, arnPrefix + kind, rules);
        }
    }

    /// <summary>The globs of one action.</summary>
    private sealed class ActionRules(EffectRules deny, EffectRules allow)
    {
        public PolicyDecision Decide(ReadOnlySpan<byte> name) =>
            deny.Match(name) ? PolicyDecision.Deny : allow.Match(name) ? PolicyDecision.Allow : PolicyDecision.ImplicitDeny;

        public static ActionRules From(IEnumerable<PolicyStatement> statements, PolicyContext context, string prefix, PolicyRules rules)
        {
            var all = statements.ToLookup(statement => statement.Effect);
            return new(EffectRules.From(all[PolicyEffect.Deny], context, prefix, rules), EffectRules.From(all[PolicyEffect.Allow], context, prefix, rules));
        }
    }

    /// <param name="any">Resource patterns: one that matches is enough.</param>
    /// <param name="none">NotResource, a list per statement: a list of which none matches is enough.</param>
    private sealed class EffectRules(TopicGlob[] any, TopicGlob[][] none)
    {
        public bool Match(ReadOnlySpan<byte> name)
        {
            foreach (var glob in any)
            {
                if (glob.Matches(name))
                    return true;
            }
            foreach (var globs in none)
            {
                if (!MatchesOne(globs, name))
                    return true;
            }
            return false;
        }

        public static EffectRules From(IEnumerable<PolicyStatement> statements, PolicyContext context, string prefix, PolicyRules rules)
        {
            var byForm = statements.ToLookup(statement => statement.NotResource);
            var any = byForm[false].SelectMany(Globs).ToArray();
            return new(any.FirstOrDefault(glob => glob.MatchesAll) is { } everything ? [everything] : any, [.. byForm[true].Select(statement => Globs(statement).ToArray())]);

            IEnumerable<TopicGlob> Globs(PolicyStatement statement) => statement.Resources.SelectMany(pattern => pattern.HasVariables
                ? PolicyInterpreter.BindResource(statement, pattern, context, rules).After(prefix).Select(static rest => TopicGlob.From(rest))
                : (rules.AcceptAnyAccountRegion ? pattern.Loosened : pattern).GlobsAfter(prefix));
        }

        private static bool MatchesOne(TopicGlob[] globs, ReadOnlySpan<byte> name)
        {
            foreach (var glob in globs)
            {
                if (glob.Matches(name))
                    return true;
            }
            return false;
        }
    }
}
