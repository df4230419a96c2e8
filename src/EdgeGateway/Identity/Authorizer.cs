using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Identity;

internal sealed class Authorizer : IAuthorizer, IPolicyExplainer, IDisposable
{
    private static readonly PolicyDocument Everything = PolicyDocument.Parse(
        """{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }""");

    private readonly IdentityState _state;
    private readonly IThingCatalog _things;
    private readonly IRegistryFeed _feed;
    private readonly IdentityOptions _options;
    private readonly Func<string, string?> _certificatePem;

    public Authorizer(IdentityState state, IThingCatalog things, IRegistryFeed feed, IdentityArns arns, IdentityOptions options, ICertificates certificates)
    {
        (_state, _things, _feed, Arns, _options, _certificatePem) = (state, things, feed, arns, options, certificates.Pem);
        _feed.Committed += OnRegistryChange;
    }

    public event Action? Changed
    {
        add => _state.Changed += value;
        remove => _state.Changed -= value;
    }

    public event Action<string>? CertificateClosed
    {
        add => _state.CertificateClosed += value;
        remove => _state.CertificateClosed -= value;
    }

    public long Epoch => _state.Epoch;

    public IdentityArns Arns { get; }

    public PolicyRules Rules => _options.Rules;

    public bool GuardClientIds => _options.GuardClientIds;

    public IConnectionAuthority Open(ConnectionRequest connection) => new ConnectionAuthority(this, connection);

    public PolicyDecision Decide(Principal principal, string action, string resource) =>
        PolicyInterpreter.Decide(Effective(principal, clientId: null).Sources, action, resource, PrincipalContext(principal, presented: null), Rules);

    public PolicyExplanation Explain(
        ConnectionRequest connection, string action, string resource, IReadOnlyList<PolicySource>? added = null, IReadOnlyList<string>? skipped = null)
    {
        var effective = Effective(connection.Principal, connection.ClientId);
        var context = ConnectionContext(connection, effective.Thing, PrincipalContext(connection.Principal, connection.ClientCertificate));
        var sources = effective.Sources.Where(source => skipped?.Contains(source.Name) != true).Concat(added ?? []).ToList();
        return PolicyInterpreter.Explain(sources, action, resource, context, Rules);
    }

    public IReadOnlyList<PolicySource> EffectivePolicies(Principal principal, string? clientId) => Effective(principal, clientId).Sources;

    public void Dispose() => _feed.Committed -= OnRegistryChange;

    /// <param name="clientId">Null for a request without an MQTT connection: no thing, no groups of it.</param>
    internal EffectivePolicies Effective(Principal principal, string? clientId)
    {
        var snapshot = _state.Snapshot;
        var sources = new List<PolicySource>();
        ConnectionThing? thing = null;
        switch (principal.Kind)
        {
            case PrincipalKind.Local:
                sources.Add(new PolicySource("(gateway)", "1", "local socket", Everything));
                break;
            case PrincipalKind.Anonymous when principal.PolicyName is { } name && snapshot.Policies.TryGetValue(name, out var policy):
                sources.Add(Source(policy, "anonymous"));
                break;
            case PrincipalKind.Authorizer:
                sources.AddRange(Documents(principal));
                break;
            case PrincipalKind.Anonymous:
                break;
            case PrincipalKind.Certificate when snapshot.Certificates.GetValueOrDefault(principal.Id) is not { Status: CertificateStatus.Active }:
                break;                                               // not ACTIVE: nothing is allowed, whatever is attached
            default:
                thing = AddAttached(sources, snapshot, principal, clientId);
                break;
        }
        return new EffectivePolicies(sources, thing);
    }

    /// <param name="principal">From <see cref="PrincipalContext"/>.</param>
    internal PolicyContext ConnectionContext(ConnectionRequest connection, ConnectionThing? thing, PolicyContext principal)
    {
        var context = new PolicyContext(principal);
        context.Set(PolicyKeys.ClientId, connection.ClientId)
            .Set(PolicyKeys.SourceIp, connection.RemoteAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4().ToString() : connection.RemoteAddress?.ToString())
            .Set(PolicyKeys.DomainName, connection.ServerName)
            .Set(PolicyKeys.IsAttached, thing is not null ? "true" : "false");
        List<string> features = [];
        if (connection.Persistent)
            features.Add("PersistentConnect");
        if (connection.WillTopic is not null)
        {
            features.Add("LastWill");
            context.Set(PolicyKeys.LastWillTopic, $"{Arns.Prefix}topic/{connection.WillTopic}");
        }
        context.Set(PolicyKeys.ConnectAttributes, features);
        if (thing is null)
            return context;
        context.Set(PolicyKeys.ThingName, thing.Thing.Name).Set(PolicyKeys.ThingTypeName, thing.Thing.TypeName);
        foreach (var (name, value) in thing.Thing.Attributes)
            context.SetAttribute(name, value);
        return context;
    }

    /// <summary>What the principal alone says: the fields of its certificate.</summary>
    internal PolicyContext PrincipalContext(Principal principal, X509Certificate2? presented)
    {
        var context = new PolicyContext().Set(PolicyKeys.CertificateId, principal.CertificateId);
        if (principal.CertificateId is null)
            return context;
        if (presented is not null)
        {
            CertificateFields.AddTo(context, presented);
        }
        else if (_certificatePem(principal.CertificateId) is { } pem)
        {
            using var registered = X509Certificate2.CreateFromPem(pem);
            CertificateFields.AddTo(context, registered);
        }
        return context;
    }

    private ConnectionThing? AddAttached(List<PolicySource> sources, IdentitySnapshot snapshot, Principal principal, string? clientId)
    {
        if (Arns.Of(principal) is not { } target)
            return null;
        sources.AddRange(Documents(principal));
        sources.AddRange(snapshot.AttachedTo(target).Select(policy => Source(policy, target)));
        if (clientId is null || ConnectionThing.Find(_things, target, clientId) is not { } thing)
            return null;
        foreach (var group in thing.Groups.Select(Arns.ThingGroup))
            sources.AddRange(snapshot.AttachedTo(group).Select(policy => Source(policy, group)));
        return thing;
    }

    private static IEnumerable<PolicySource> Documents(Principal principal) =>
        (principal.Grant?.Documents ?? principal.PolicyDocuments).Select((document, n) => new PolicySource($"({principal.Kind} document {n + 1})", "1", principal.Id, document));

    private static PolicySource Source(PolicyInForce policy, string through) =>
        new(policy.Name, policy.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), through, policy.Document);

    /// <summary>Types and billing groups as such say nothing to policies.</summary>
    private void OnRegistryChange(RegistryChange change)
    {
        if (change.Kind is not (RegistryChangeKind.ThingTypeCreated or RegistryChangeKind.ThingTypeUpdated or RegistryChangeKind.ThingTypeDeleted
            or (>= RegistryChangeKind.BillingGroupCreated and <= RegistryChangeKind.BillingGroupDeleted)
            or RegistryChangeKind.BillingMembershipAdded or RegistryChangeKind.BillingMembershipRemoved))
            _state.NoteChange();
    }
}
