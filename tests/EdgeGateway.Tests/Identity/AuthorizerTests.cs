using System.Net;
using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;
using Xunit;

namespace EdgeGateway.Tests.Identity;

public sealed class AuthorizerTests : IDisposable
{
    private readonly IdentityHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Open_PolicyAttachedLater_RightAppearsOnTheLiveConnection()
    {
        var (principal, target) = await DeviceAsync();
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "c1", null));
        var (epoch, changes) = (authority.Epoch, 0);
        _house.Authorizer.Changed += () => changes++;
        Assert.False(authority.MayPublish("a/b"u8));

        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:edge:000000000000:topic/a/*" }""");

        Assert.True(authority.MayPublish("a/b"u8));
        Assert.False(authority.MayReceive("a/b"u8));
        Assert.True(authority.Epoch > epoch);
        Assert.True(changes > 0);

        await _house.Policies.DetachAsync("p", target, IdentityHouse.Actor);
        Assert.False(authority.MayPublish("a/b"u8));
    }

    [Fact]
    public async Task Open_NewDefaultVersion_TakesForceAtOnce()
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""");
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "c1", null));
        Assert.True(authority.MayConnect());

        await _house.Policies.CreateVersionAsync("p", IdentityHouse.Document("""{ "Effect": "Deny", "Action": "iot:Connect", "Resource": "*" }"""), setAsDefault: true, IdentityHouse.Actor);

        Assert.False(authority.MayConnect());
    }

    [Fact]
    public async Task UpdateCertificate_Revoked_ClosesAndAllowsNothing()
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""");
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "c1", null));
        List<string> closed = [];
        _house.Authorizer.CertificateClosed += closed.Add;

        await _house.Certificates.UpdateAsync(principal.Id, CertificateStatus.Revoked, IdentityHouse.Actor);

        Assert.Equal([principal.Id], closed);
        Assert.False(authority.MayConnect());
        Assert.False(authority.MayPublish("a"u8));
    }

    [Fact]
    public async Task Open_ThingVariables_FollowTheRegistry()
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """
            { "Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:edge:000000000000:topic/${iot:Connection.Thing.ThingName}/${iot:Connection.Thing.Attributes[site]}" }
            """);
        _house.Things.Put("pump", null, ("site", "north"));
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "pump", null));
        Assert.False(authority.MayPublish("pump/north"u8));

        _house.Things.Attach("pump", target);
        _house.Feed.Say(RegistryChangeKind.PrincipalAttached, "pump", target);
        Assert.True(authority.MayPublish("pump/north"u8));

        _house.Things.Put("pump", null, ("site", "south"));
        _house.Feed.Say(RegistryChangeKind.ThingUpdated, "pump");
        Assert.False(authority.MayPublish("pump/north"u8));
        Assert.True(authority.MayPublish("pump/south"u8));
    }

    [Fact]
    public async Task Open_GroupPolicy_ReachesTheGroupsThings()
    {
        var (principal, target) = await DeviceAsync();
        _house.Things.Put("pump");
        _house.Things.Attach("pump", target);
        _house.Things.PutInGroups("pump", "cellar", "house");
        await _house.AllowAsync("p", _house.Arns.ThingGroup("house"), """{ "Effect": "Allow", "Action": "iot:Receive", "Resource": "*" }""");

        Assert.True(_house.Authorizer.Open(new ConnectionRequest(principal, "pump", null)).MayReceive("x"u8));
        Assert.False(_house.Authorizer.Open(new ConnectionRequest(principal, "other", null)).MayReceive("x"u8));
    }

    [Fact]
    public async Task Open_ExclusiveThing_StandsForAnyClientId()
    {
        var (principal, target) = await DeviceAsync();
        _house.Things.Put("pump");
        _house.Things.AttachExclusively("pump", target);
        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:edge:000000000000:topic/${iot:Connection.Thing.ThingName}" }""");

        Assert.True(_house.Authorizer.Open(new ConnectionRequest(principal, "whatever", null)).MayPublish("pump"u8));
    }

    [Theory]
    [InlineData("+", false)]
    [InlineData("a*", false)]
    [InlineData("a#named", true)]
    [InlineData("plain", true)]
    public async Task MayConnect_ClientIdWithWildcards_OnlyWhereAPolicySpellsItOut(string clientId, bool expected)
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:Connect", "Resource": ["*", "arn:aws:iot:edge:000000000000:client/a#named"] }""");

        Assert.Equal(expected, _house.Authorizer.Open(new ConnectionRequest(principal, clientId, null)).MayConnect());
    }

    [Theory]
    [InlineData(false, null, true)]
    [InlineData(true, null, false)]
    [InlineData(false, "a/will", false)]
    public async Task MayConnect_ConnectAttributes_AsTheConditionSays(bool persistent, string? will, bool expected)
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """
            { "Effect": "Allow", "Action": "iot:Connect", "Resource": "*", "Condition": { "ForAllValues:StringEquals": { "iot:ConnectAttributes": [] } } }
            """);

        var request = new ConnectionRequest(principal, "c", IPAddress.Loopback) { Persistent = persistent, WillTopic = will };
        Assert.Equal(expected, _house.Authorizer.Open(request).MayConnect());
    }

    [Theory]
    [InlineData("$share/g/a/x", true)]
    [InlineData("$share/g/b/x", false)]
    [InlineData("$share/g/a/secret", false)]
    public async Task MaySubscribe_Shared_AsItsFilter(string filter, bool expected)
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """
            { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": "arn:aws:iot:edge:000000000000:topicfilter/a/*" },
            { "Effect": "Deny", "Action": "iot:Subscribe", "Resource": "arn:aws:iot:edge:000000000000:topicfilter/a/secret" }
            """);

        Assert.Equal(expected, _house.Authorizer.Open(new ConnectionRequest(principal, "c", null)).MaySubscribe(Encoding.UTF8.GetBytes(filter)));
    }

    [Fact]
    public async Task Open_Anonymous_HasThePolicyOfThatNameOrNothing()
    {
        var principal = new Principal("anonymous", PrincipalKind.Anonymous, null) { PolicyName = "local" };
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "c", null));
        Assert.False(authority.MayConnect());

        await _house.StartAsync();

        Assert.True(authority.MayConnect());
        await _house.Policies.DeleteAsync("local", IdentityHouse.Actor);
        Assert.False(authority.MayConnect());
        await _house.StartAsync();                                   // a restart does not bring back what was deleted
        Assert.False(authority.MayConnect());
    }

    [Fact]
    public async Task Decide_WithoutConnection_HasNoClientId()
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """
            { "Effect": "Allow", "Action": "iot:GetThingShadow", "Resource": ["arn:aws:iot:edge:000000000000:thing/${iot:ClientId}", "arn:aws:iot:edge:000000000000:thing/lamp"] }
            """);

        Assert.Equal(PolicyDecision.Allow, _house.Authorizer.Decide(principal, "iot:GetThingShadow", _house.Arns.Prefix + "thing/lamp"));
        Assert.Equal(PolicyDecision.ImplicitDeny, _house.Authorizer.Decide(principal, "iot:GetThingShadow", _house.Arns.Prefix + "thing/c1"));
    }

    [Fact]
    public async Task Explain_Denied_NamesEachStatementsReason()
    {
        var (principal, target) = await DeviceAsync();
        await _house.AllowAsync("p", target, """
            { "Sid": "own", "Effect": "Allow", "Action": "iot:Publish", "Resource": "arn:aws:iot:edge:000000000000:topic/${iot:Connection.Thing.ThingName}/*" },
            { "Sid": "lan", "Effect": "Allow", "Action": "iot:Publish", "Resource": "*", "Condition": { "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } } },
            { "Sid": "sub", "Effect": "Allow", "Action": "iot:Subscribe", "Resource": "*" }
            """);

        var explanation = _house.Get<IPolicyExplainer>().Explain(
            new ConnectionRequest(principal, "c1", IPAddress.Parse("192.168.1.5")), "iot:Publish", _house.Arns.Prefix + "topic/c1/x");

        Assert.Equal(PolicyDecision.ImplicitDeny, explanation.Decision);
        Assert.Empty(explanation.Deciding);
        Assert.Equal(["iot:Connection.Thing.ThingName"], explanation.MissingVariables);
        Assert.Collection(
            explanation.Statements,
            own => Assert.Contains("no value for iot:Connection.Thing.ThingName", own.Reason, StringComparison.Ordinal),
            lan => Assert.Equal("condition IpAddress on aws:SourceIp is not met: it is 192.168.1.5, wanted 10.0.0.0/8", lan.Reason),
            sub => Assert.Equal("iot:Publish is none of its actions (iot:Subscribe)", sub.Reason));
        Assert.All(explanation.Statements, verdict => Assert.Equal(target, verdict.Source.Through));
    }

    private async Task<(Principal Principal, string Target)> DeviceAsync()
    {
        var issued = await _house.Certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, null, IdentityHouse.Actor);
        return (new Principal(issued.Certificate.Id, PrincipalKind.Certificate, issued.Certificate.Id), _house.Arns.Certificate(issued.Certificate.Id));
    }
}
