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
    private readonly ActionRules _publish;
    private readonly ActionRules _retainPublish;
    private readonly ActionRules _subscribe;
    private readonly ActionRules _receive;

    private CompiledPolicy(PolicyDecision connect, ActionRules publish, ActionRules retainPublish, ActionRules subscribe, ActionRules receive)
    {
        Connect = connect;
        _publish = publish;
        _retainPublish = retainPublish;
        _subscribe = subscribe;
        _receive = receive;
    }

    /// <summary>Answer to iot:Connect for the connection's own client id.</summary>
    public PolicyDecision Connect { get; }

    public PolicyDecision Publish(ReadOnlySpan<byte> topic) => _publish.Decide(topic);

    public PolicyDecision RetainPublish(ReadOnlySpan<byte> topic) => _retainPublish.Decide(topic);

    public PolicyDecision Subscribe(ReadOnlySpan<byte> filter) => _subscribe.Decide(filter);

    public PolicyDecision Receive(ReadOnlySpan<byte> topic) => _receive.Decide(topic);

    /// <param name="arnPrefix"><c>arn:aws:iot:REGION:ACCOUNT:</c> of this gateway.</param>
    public static CompiledPolicy Compile(
        IReadOnlyList<PolicySource> policies, string clientId, PolicyContext context, string arnPrefix, PolicyRules? rules = null)
    {
        rules ??= PolicyRules.Default;
        var applicable = policies.SelectMany(policy => policy.Document.Statements).Where(statement => PolicyInterpreter.ConditionsHold(statement, context)).ToList();
        return new CompiledPolicy(
            PolicyInterpreter.Decide(policies, PolicyActions.Connect, $"{arnPrefix}client/{clientId}", context, rules),
            Rules(PolicyActions.Publish, "topic/"),
            Rules(PolicyActions.RetainPublish, "topic/"),
            Rules(PolicyActions.Subscribe, "topicfilter/"),
            Rules(PolicyActions.Receive, "topic/"));

        ActionRules Rules(string action, string kind) =>
            ActionRules.From(applicable.Where(statement => PolicyInterpreter.ActionMatches(statement, action)), context, arnPrefix + kind, rules);
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

            IEnumerable<TopicGlob> Globs(PolicyStatement statement) =>
                statement.Resources.SelectMany(pattern =>
                    PolicyInterpreter.BindResource(statement, pattern, context, rules).After(prefix).Select(rest => TopicGlob.From(rest)));
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
