using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Tests.Identity.Certificates;
using Xunit;

namespace EdgeGateway.Tests.Identity;

public sealed class AuthenticatorTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.168.1.7");
    private readonly TestCa _owner = TestCa.Make("Owner");
    private readonly IdentityHouse _house = new();

    public void Dispose()
    {
        _house.Dispose();
        _owner.Dispose();
    }

    [Fact]
    public async Task Certificate_Active_IsItsPrincipal()
    {
        var certificate = await BroughtAsync(_house, _owner.Issue("CN=a"));

        var accepted = Assert.IsType<AuthenticationResult.Accepted>(await AskAsync(_house, certificate));

        Assert.Equal(new Principal(CertificateIds.Of(certificate), PrincipalKind.Certificate, CertificateIds.Of(certificate)), accepted.Principal);
    }

    [Theory]
    [InlineData(CertificateStatus.Inactive, AuthenticationFailure.CertificateNotActive)]
    [InlineData(CertificateStatus.Revoked, AuthenticationFailure.CertificateNotActive)]
    [InlineData(CertificateStatus.PendingActivation, AuthenticationFailure.CertificatePending)]
    public async Task Certificate_NotActive_Refused(CertificateStatus status, AuthenticationFailure expected)
    {
        var certificate = await BroughtAsync(_house, _owner.Issue("CN=a"), status);

        Assert.Equal(expected, await RefusalAsync(_house, certificate));
    }

    [Fact]
    public async Task Certificate_UnknownOrForServers_Refused()
    {
        Assert.Equal(AuthenticationFailure.UnknownCertificate, await RefusalAsync(_house, _owner.Issue("CN=a").Certificate));
        var forServers = await BroughtAsync(_house, _owner.Issue("CN=b", purpose: "1.3.6.1.5.5.7.3.1"));
        Assert.Equal(AuthenticationFailure.CertificateWrongPurpose, await RefusalAsync(_house, forServers));
    }

    /// <summary>A clock that is trusted judges by its time; one that is not ends only what the floor (2026-01-01, and what it has seen since) ends.</summary>
    [Theory]
    [InlineData("2026-06-01", true, "2027-01-01", null)]
    [InlineData("2027-06-01", true, "2027-01-01", AuthenticationFailure.CertificateExpired)]
    [InlineData("2027-07-06", false, "2027-01-01", null)]                                        // +400 days, not synchronised: nobody is locked out
    [InlineData("1970-01-01", false, "2027-01-01", null)]
    [InlineData("1970-01-01", false, "2025-06-01", AuthenticationFailure.CertificateExpired)]    // certainly over, whatever the clock says
    public async Task Certificate_EndOfLife_JudgedByTheFloorUnlessTheClockIsTrusted(string now, bool trusted, string notAfter, AuthenticationFailure? expected)
    {
        using var house = House(now, trusted);
        var certificate = await BroughtAsync(house, _owner.Issue("CN=a", notAfter: Utc(notAfter)));

        Assert.Equal(expected, await RefusalAsync(house, certificate));
    }

    [Theory]
    [InlineData("2026-06-01", true, AuthenticationFailure.CertificateNotYetValid)]
    [InlineData("1970-01-01", false, null)]
    public async Task Certificate_BeforeItsLife_RefusedOnlyByATrustedClock(string now, bool trusted, AuthenticationFailure? expected)
    {
        using var house = House(now, trusted);
        var certificate = await BroughtAsync(house, _owner.Issue("CN=a", notBefore: Utc("2026-07-01")));

        Assert.Equal(expected, await RefusalAsync(house, certificate));
    }

    [Fact]
    public async Task Anonymous_OnlyWhereTheListenerAllowsIt()
    {
        var closed = await _house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtt }, default);
        var open = await _house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtt, AnonymousAllowed = true, AnonymousPolicy = "guests" }, default);

        Assert.Equal(AuthenticationFailure.NoCredentials, Assert.IsType<AuthenticationResult.Refused>(closed).Reason);
        Assert.Equal("guests", Assert.IsType<AuthenticationResult.Accepted>(open).Principal.PolicyName);
    }

    [Fact]
    public async Task Password_RightWrongAndGuessed_SlowsTheAddress()
    {
        await _house.Credentials.SetAsync("plug", "correct horse", IdentityHouse.Actor);

        Assert.Equal(new Principal("plug", PrincipalKind.User, null), Assert.IsType<AuthenticationResult.Accepted>(await SignInAsync("plug", "correct horse")).Principal);
        for (var n = 0; n < 4; n++)
            Assert.Equal(AuthenticationFailure.BadUserNameOrPassword, Failure(await SignInAsync(n % 2 == 0 ? "plug" : "nobody", "wrong")));
        Assert.Equal(AuthenticationFailure.TooManyAttempts, Failure(await SignInAsync("plug", "correct horse")));
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<AuthenticationResult.Accepted>(await SignInAsync("plug", "correct horse"));

        await _house.Credentials.RemoveAsync("plug", IdentityHouse.Actor);
        Assert.Equal(AuthenticationFailure.BadUserNameOrPassword, Failure(await SignInAsync("plug", "correct horse")));
    }

    [Fact]
    public async Task JustInTime_FirstConnect_RegistersPendingAndAnnounces()
    {
        var code = await _house.Authorities.GetRegistrationCodeAsync();
        var ca = await _house.Authorities.RegisterAsync(
            new CaRegistration(_owner.Pem, _owner.Issue("CN=" + code).Pem, SetAsActive: true, AllowAutoRegistration: true, "DEFAULT", null), IdentityHouse.Actor);
        var certificate = _owner.Issue("CN=new").Certificate;

        Assert.Equal(AuthenticationFailure.CertificatePending, await RefusalAsync(_house, certificate));

        var id = CertificateIds.Of(certificate);
        Assert.Equal(CertificateStatus.PendingActivation, _house.Certificates.Find(id)!.Status);
        var announced = Assert.Single(_house.Bus.Published);
        Assert.Equal($"$aws/events/certificates/registered/{ca.Id}", announced.Topic);
        Assert.Contains($"\"certificateId\":\"{id}\"", Encoding.UTF8.GetString(announced.Payload.Span), StringComparison.Ordinal);
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AuthenticationFailure.CertificatePending, await RefusalAsync(_house, certificate));
        Assert.Equal(2, _house.Bus.Published.Count);                 // repeated while pending

        await _house.Certificates.UpdateAsync(id, CertificateStatus.Active, IdentityHouse.Actor);
        Assert.Null(await RefusalAsync(_house, certificate));
    }

    private static IdentityHouse House(string now, bool trusted) => new(now: Utc(now), synchronised: trusted);

    private static DateTimeOffset Utc(string date) => DateTimeOffset.Parse(date + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<X509Certificate2> BroughtAsync(IdentityHouse house, (string Pem, X509Certificate2 Certificate) issued, CertificateStatus status = CertificateStatus.Active)
    {
        await house.Certificates.RegisterWithoutCaAsync(issued.Pem, status, IdentityHouse.Actor);
        return issued.Certificate;
    }

    private static async Task<AuthenticationResult> AskAsync(IdentityHouse house, X509Certificate2 certificate) =>
        await house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtts, ClientCertificate = certificate, RemoteAddress = Address }, default);

    private static async Task<AuthenticationFailure?> RefusalAsync(IdentityHouse house, X509Certificate2 certificate) =>
        (await AskAsync(house, certificate) as AuthenticationResult.Refused)?.Reason;

    private static AuthenticationFailure? Failure(AuthenticationResult result) => (result as AuthenticationResult.Refused)?.Reason;

    private async Task<AuthenticationResult> SignInAsync(string user, string password) => await _house.Authenticator.AuthenticateAsync(
        new ConnectCredentials { Listener = ListenerKind.Mqtts, UserName = user, Password = Encoding.UTF8.GetBytes(password), RemoteAddress = Address }, default);
}
