using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity;

/// <summary>One connection's compiled policies, looked at again whenever the epoch moved and compiled again only when something of its own changed.</summary>
/// <remarks>Hot path: 0 bytes allocated while the epoch stands.</remarks>
internal sealed class ConnectionAuthority : IConnectionAuthority
{
    private readonly Authorizer _authorizer;
    private readonly ConnectionRequest _connection;
    private readonly PolicyContext _principal;                       // read once: the certificate object goes with the TLS stream
    private volatile Compiled _compiled;

    public ConnectionAuthority(Authorizer authorizer, ConnectionRequest connection)
    {
        (_authorizer, _connection) = (authorizer, connection with { ClientCertificate = null });
        _principal = authorizer.PrincipalContext(connection.Principal, connection.ClientCertificate);
        _compiled = Compile(authorizer.Epoch, last: null);
    }

    public long Epoch => _authorizer.Epoch;

    public bool MayConnect() => Current().MayConnect;

    public bool MayPublish(ReadOnlySpan<byte> topic) => Current().Policy.Publish(topic) == PolicyDecision.Allow;

    public bool MayPublishRetained(ReadOnlySpan<byte> topic) => Current().Policy.RetainPublish(topic) == PolicyDecision.Allow;

    /// <summary>A shared subscription is allowed when its filter is, with or without the <c>$share/NAME/</c> in front, and neither form is denied (AWS leaves it open).</summary>
    public bool MaySubscribe(ReadOnlySpan<byte> filter)
    {
        var policy = Current().Policy;
        var whole = policy.Subscribe(filter);
        if (!filter.StartsWith("$share/"u8))
            return whole == PolicyDecision.Allow;
        var afterName = filter["$share/"u8.Length..];
        var slash = afterName.IndexOf((byte)'/');
        var inner = slash < 0 ? PolicyDecision.ImplicitDeny : policy.Subscribe(afterName[(slash + 1)..]);
        return whole != PolicyDecision.Deny && inner != PolicyDecision.Deny && (whole == PolicyDecision.Allow || inner == PolicyDecision.Allow);
    }

    public bool MayReceive(ReadOnlySpan<byte> topic) => Current().Policy.Receive(topic) == PolicyDecision.Allow;

    private Compiled Current()
    {
        var compiled = _compiled;
        var epoch = _authorizer.Epoch;
        return compiled.Epoch == epoch ? compiled : _compiled = Compile(epoch, compiled);
    }

    /// <param name="epoch">Read before the policies: a change in between is seen by the next call.</param>
    private Compiled Compile(long epoch, Compiled? last)
    {
        var effective = _authorizer.Effective(_connection.Principal, _connection.ClientId);
        if (last is not null && last.Effective.SameAs(effective))
            return last with { Epoch = epoch };
        var context = _authorizer.ConnectionContext(_connection, effective.Thing, _principal);
        var policy = CompiledPolicy.Compile(effective.Sources, _connection.ClientId, context, _authorizer.Arns.Prefix, _authorizer.Rules);
        var mayConnect = policy.Connect == PolicyDecision.Allow
            && (!_authorizer.GuardClientIds || !_connection.ClientId.AsSpan().ContainsAny("+#*?") || SpellsOut(effective, _connection.ClientId));
        return new Compiled(epoch, effective, policy, mayConnect);
    }

    /// <summary>
    /// With a client id of <c>+</c> the resource <c>topicfilter/my/${iot:ClientId}/x</c> would become <c>my/+/x</c>, so such ids
    /// are let in only where a policy names them.
    /// </summary>
    private bool SpellsOut(EffectivePolicies effective, string clientId)
    {
        var resource = $"{_authorizer.Arns.Prefix}client/{clientId}";
        return effective.Sources.SelectMany(source => source.Document.Statements)
            .Where(statement => statement is { Effect: PolicyEffect.Allow, NotResource: false })
            .SelectMany(statement => statement.Resources)
            .Any(pattern => pattern.IsLiteral && pattern.BindText(new PolicyContext()) == resource);
    }

    private sealed record Compiled(long Epoch, EffectivePolicies Effective, CompiledPolicy Policy, bool MayConnect);
}
