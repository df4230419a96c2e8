using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Authorizers;
using Xunit;

namespace EdgeGateway.Tests.Identity.Authorizers;

/// <summary>How long an answer of a custom authorizer holds (AWS guide: Custom authentication): kept for HTTP, refreshed and ended for connections.</summary>
public sealed class CustomAuthenticationTests : IDisposable
{
    private readonly AnsweringFunction _function = new(Answer("a"));
    private readonly IdentityHouse _house;

    public CustomAuthenticationTests() => _house = new IdentityHouse(_function.Yaml);

    public void Dispose()
    {
        _house.Dispose();
        _function.Dispose();
    }

    [Fact]
    public async Task Http_AuthorizerCaches_AskedAgainWhenTheRefreshIsDueOrAnythingIsOther()
    {
        await CreateAsync(caches: true);

        Assert.IsType<AuthenticationResult.Accepted>(await HttpAsync("one"));
        Assert.IsType<AuthenticationResult.Accepted>(await HttpAsync("one"));
        Assert.Equal(1, _function.Asked);
        await HttpAsync("two");
        Assert.Equal(2, _function.Asked);                            // another header may mean another answer
        _house.Time.Advance(TimeSpan.FromSeconds(399));
        await HttpAsync("one");
        Assert.Equal(2, _function.Asked);
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        await HttpAsync("one");
        Assert.Equal(3, _function.Asked);
        await _house.Get<ICustomAuthorizers>().UpdateAsync("door", new CustomAuthorizerUpdate(null, null, null, Active: null, CachesForHttp: true), IdentityHouse.Actor);
        await HttpAsync("one");
        Assert.Equal(4, _function.Asked);                            // the authorizer was changed: what it said before is nothing worth
        await _house.Get<ICustomAuthorizers>().UpdateAsync("door", new CustomAuthorizerUpdate(null, null, null, Active: false, CachesForHttp: null), IdentityHouse.Actor);
        Assert.IsType<AuthenticationResult.Refused>(await HttpAsync("one"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kept_NeitherForMqttNorWhereCachingIsOff(bool mqtt)
    {
        await CreateAsync(caches: mqtt);

        for (var n = 1; n <= 3; n++)
        {
            Assert.IsType<AuthenticationResult.Accepted>(mqtt ? await MqttAsync() : await HttpAsync("one"));
            Assert.Equal(n, _function.Asked);
        }
    }

    [Fact]
    public async Task Kept_ARefusalIsNot()
    {
        await CreateAsync(caches: true);
        _function.Answer("""{"isAuthenticated":false}""");

        Assert.IsType<AuthenticationResult.Refused>(await HttpAsync("one"));
        _function.Answer(Answer("a"));

        Assert.IsType<AuthenticationResult.Accepted>(await HttpAsync("one"));
        Assert.Equal(2, _function.Asked);
    }

    [Fact]
    public async Task Grant_DisconnectAfterInSeconds_Ends()
    {
        var grant = await GrantAsync();

        _house.Time.Advance(TimeSpan.FromSeconds(899));
        Assert.False(grant.HasEnded);
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(grant.HasEnded);
    }

    [Fact]
    public async Task Grant_RefreshAfterInSeconds_AsksOnceAndTheNewDocumentsApplyAtOnce()
    {
        var grant = await GrantAsync();
        var authority = _house.Authorizer.Open(new ConnectionRequest(new Principal("ali", PrincipalKind.Authorizer, null) { Grant = grant }, "caller", null));
        Assert.True(authority.MayPublish("a"u8));
        Assert.False(authority.MayPublish("b"u8));

        _house.Time.Advance(TimeSpan.FromSeconds(399));
        Assert.False(grant.TryBeginRefresh());
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(grant.TryBeginRefresh());
        Assert.False(grant.TryBeginRefresh());                       // one question at a time
        _function.Answer(Answer("b", refreshAfter: 600));
        Assert.True(await grant.RefreshAsync(default));

        Assert.False(authority.MayPublish("a"u8));
        Assert.True(authority.MayPublish("b"u8));
        Assert.Equal(2, _function.Asked);
        _house.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.False(grant.TryBeginRefresh());
        Assert.True(grant.HasEnded);                                 // a refresh does not lengthen the connection
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(grant.TryBeginRefresh());
    }

    [Theory]
    [InlineData("""{"isAuthenticated":false}""")]
    [InlineData("""{"isAuthenticated":true}""")]
    [InlineData("no")]
    public async Task Grant_RefreshSaysNoOrFails_Ends(string answer)
    {
        var grant = await GrantAsync();
        _function.Answer(answer);

        Assert.False(await grant.RefreshAsync(default));
    }

    [Fact]
    public async Task Grant_AuthorizerDeactivated_RefreshEnds()
    {
        var grant = await GrantAsync();
        await _house.Get<ICustomAuthorizers>().UpdateAsync("door", new CustomAuthorizerUpdate(null, null, null, Active: false, CachesForHttp: null), IdentityHouse.Actor);

        Assert.False(await grant.RefreshAsync(default));
        Assert.Equal(1, _function.Asked);
    }

    [Theory]
    [InlineData("disconnectAfterInSeconds", 299)]
    [InlineData("disconnectAfterInSeconds", 86_401)]
    [InlineData("refreshAfterInSeconds", 299)]
    [InlineData("refreshAfterInSeconds", 86_401)]
    public async Task Answer_TimesOutOfRange_RefusedByName(string member, int seconds)
    {
        await CreateAsync(caches: false);
        _function.Answer(Answer("a", member == "refreshAfterInSeconds" ? seconds : 400, member == "disconnectAfterInSeconds" ? seconds : 900));

        var refused = Assert.IsType<AuthenticationResult.Refused>(await MqttAsync());

        Assert.Contains($"{member} is not 300 to 86400", refused.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"isAuthenticated":true,"isAuthenticated":false}""")]
    [InlineData("""{"isAuthenticated":true,"principalId":"\ud800","policyDocuments":[]}""")]
    [InlineData("""[]""")]
    public async Task Answer_OddJson_Refused(string answer)
    {
        await CreateAsync(caches: false);
        _function.Answer(answer);

        Assert.IsType<AuthenticationResult.Refused>(await MqttAsync());
    }

    private static string Answer(string topic, int refreshAfter = 400, int disconnectAfter = 900) => $$"""
        {"isAuthenticated":true,"principalId":"ali","disconnectAfterInSeconds":{{disconnectAfter}},"refreshAfterInSeconds":{{refreshAfter}},"policyDocuments":[
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect"],"Resource":"*"},{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:edge:000000000000:topic/{{topic}}"}]}]}
        """;

    private Task CreateAsync(bool caches) => _house.Get<ICustomAuthorizers>().CreateAsync(
        new CustomAuthorizer("door", "door", TokenKeyName: null, new Dictionary<string, string>(), Active: true, SigningDisabled: true, caches, default, default), IdentityHouse.Actor);

    private async Task<AuthorizerGrant> GrantAsync()
    {
        await CreateAsync(caches: false);
        return Assert.IsType<AuthenticationResult.Accepted>(await MqttAsync()).Principal.Grant!;
    }

    private async Task<AuthenticationResult> MqttAsync() => await _house.Authenticator.AuthenticateAsync(
        new ConnectCredentials { Listener = ListenerKind.Mqtts, UserName = "me?x-amz-customauthorizer-name=door", Password = Encoding.UTF8.GetBytes("secret"), ClientId = "caller" }, default);

    private async Task<AuthenticationResult> HttpAsync(string secret) => await _house.Authenticator.AuthenticateAsync(
        new ConnectCredentials { Listener = ListenerKind.Https, Headers = new Dictionary<string, string> { ["x-amz-customauthorizer-name"] = "door", ["secret"] = secret } }, default);
}
