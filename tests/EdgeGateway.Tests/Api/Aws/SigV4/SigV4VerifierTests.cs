using EdgeGateway.Api.Aws;
using EdgeGateway.Api.Aws.SigV4;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Api.Aws.SigV4;

/// <summary>Signature Version 4.</summary>
public sealed class SigV4VerifierTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeClock _clock;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signatures-");
    private readonly MachineKey _machineKey;
    private readonly TemporaryKeys _temporary;
    private readonly SigV4Verifier _verifier;

    public SigV4VerifierTests()
    {
        _clock = new(_time);
        _machineKey = new(Path.Combine(_folder.FullName, "machine.key"));
        _temporary = new(_machineKey, _clock);
        _verifier = new(new FakeKeys(), _temporary, _clock, new AwsOptions(), new ReplayCache(_time), NullLogger<SigV4Verifier>.Instance);
    }

    public void Dispose()
    {
        _machineKey.Dispose();
        _folder.Delete(recursive: true);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    [Theory]
    [InlineData("iot")]
    [InlineData("execute-api")]                                        // older SDKs
    [InlineData("iotdata")]
    [InlineData("iotdevicegateway")]
    [InlineData("iot-jobs-data")]
    public void Verify_ScopeOfAnAcceptedService_IsTheServiceMeant(string service) =>
        Assert.Equal(service, _verifier.Verify(new SignedCall { Service = service }.Sign(Now)).Service);

    [Fact]
    public void Verify_ScopeOfAnotherService_Refused() => Refused("InvalidSignatureException", new SignedCall { Service = "s3" }.Sign(Now), "scoped");

    [Fact]
    public void Verify_EncodedPathAndUnsortedQuery_Hold() =>
        _verifier.Verify(new SignedCall { Method = "POST", Path = "/things/a%3Ab", CanonicalPath = "/things/a%253Ab", Query = "a=1&b=2", Body = "{}" }.Sign(Now) with { Target = new("/things/a%3Ab", "b=2&a=1") });

    [Fact]
    public void Verify_PathChanged_Refused() => Refused("InvalidSignatureException", new SignedCall().Sign(Now) with { Target = new("/policies", "") }, "does not match");

    [Fact]
    public void Verify_BodyChanged_Refused() => Refused("InvalidSignatureException", new SignedCall { Body = "{}" }.Sign(Now) with { Payload = "[]"u8.ToArray() }, "does not match");

    [Fact]
    public void Verify_QueryChanged_Refused() => Refused("InvalidSignatureException", new SignedCall { Query = "a=1" }.Sign(Now) with { Target = new("/things", "a=2") }, "does not match");

    [Fact]
    public void Verify_WrongSecret_Refused() => Refused("InvalidSignatureException", new SignedCall { Secret = "x" }.Sign(Now), "does not match");

    [Fact]
    public void Verify_UnknownKey_Refused() => Refused("UnrecognizedClientException", new SignedCall { KeyId = "AKIAAAAAAAAAAAAAAAAA" }.Sign(Now), "invalid");

    [Fact]
    public void Verify_UnsignedPayload_OnlyBehindTls()
    {
        _verifier.Verify(new SignedCall { Unsigned = true, Body = "{}" }.Sign(Now, isSecure: true));
        Refused("InvalidSignatureException", new SignedCall { Unsigned = true, Body = "{}" }.Sign(Now, isSecure: false), "does not match");
    }

    [Fact]
    public void Verify_ScopeOfAnotherDay_Refused() => Refused("InvalidSignatureException", new SignedCall { ScopeDate = "20260531" }.Sign(Now), "20260531");

    [Theory]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void Verify_TrustedClock_FiveMinutesEitherWay(int seconds, bool holds)
    {
        var call = new SignedCall().Sign(Now.AddSeconds(seconds));
        if (holds)
            _verifier.Verify(call);
        else
            Refused("InvalidSignatureException", call, seconds < 0 ? "Signature expired: " : "Signature not yet current: ");
    }

    [Fact]
    public void Verify_Expired_MessageNamesBothTimes() =>
        Refused("InvalidSignatureException", new SignedCall().Sign(Now.AddMinutes(-6)), "20260601T115400Z is now earlier than 20260601T115500Z (20260601T120000Z - 5 min.)");

    [Theory]
    [InlineData(-100)]
    [InlineData(+400)]
    public void Verify_UntrustedClock_DateAloneDoesNotRefuse(int days)
    {
        _clock.Trust = ClockTrust.Unsynchronised;
        _verifier.Verify(new SignedCall().Sign(Now.AddDays(days)));
    }

    [Fact]
    public void Verify_UntrustedClock_BeforeThisWasBuilt_Refused()
    {
        _clock.Trust = ClockTrust.Behind;
        Refused("InvalidSignatureException", new SignedCall().Sign(ClockFloor.BuildTime().AddDays(-1)), "built");
    }

    [Fact]
    public void Verify_UntrustedClock_SameSignatureAgain_HonestOnlyForAWhile()
    {
        _clock.Trust = ClockTrust.Unsynchronised;
        var call = new SignedCall().Sign(Now);
        _verifier.Verify(call);
        _time.Advance(TimeSpan.FromMinutes(9));
        _verifier.Verify(call);                                        // two equal calls within a second carry the same signature
        _time.Advance(TimeSpan.FromMinutes(2));
        Refused("InvalidSignatureException", call, "used before");
    }

    [Fact]
    public void Verify_InTheQuery_Holds() => Assert.Equal("iotdevicegateway", _verifier.Verify(new SignedCall().Presign(Now)).Service);

    [Fact]
    public void Verify_InTheQueryWithATokenAppended_NotAKeyOfOurs() =>
        Refused("UnrecognizedClientException", new SignedCall().Presign(Now, "&X-Amz-Security-Token=abc"), "invalid");

    [Fact]
    public void Verify_TemporaryKey_WithItsTokenUntilItEnds()
    {
        var key = _temporary.Issue("arn:aws:iam::000000000000:role/reader", "ab12", TimeSpan.FromMinutes(15));
        Assert.Matches("^ASIA[A-Z2-7]{16}$", key.Id);

        Assert.Equal(key, _verifier.Verify(WithToken(key, key.SessionToken)).Temporary);
        Assert.Equal(key, _verifier.Verify(new SignedCall { KeyId = key.Id, Secret = key.Secret }.Presign(Now, $"&X-Amz-Security-Token={key.SessionToken}")).Temporary);
        Refused("InvalidSignatureException", WithToken(key with { Secret = "x" }, key.SessionToken), "does not match");
        Refused("UnrecognizedClientException", new SignedCall { KeyId = key.Id, Secret = key.Secret }.Sign(Now), "invalid");
        Refused("UnrecognizedClientException", WithToken(_temporary.Issue(key.RoleArn, "ab12", TimeSpan.FromMinutes(15)), key.SessionToken), "invalid"); // the token of another
        Refused("UnrecognizedClientException", WithToken(key, key.SessionToken[..^4] + "AAAA"), "invalid");
        Refused("UnrecognizedClientException", WithToken(key, "not a token"), "invalid");
        _time.Advance(TimeSpan.FromMinutes(15));
        Refused("ExpiredTokenException", WithToken(key, key.SessionToken), "expired");
    }

    private SignedRequest WithToken(TemporaryKey key, string token)
    {
        var call = new SignedCall { KeyId = key.Id, Secret = key.Secret }.Sign(Now);
        call.Headers["X-Amz-Security-Token"] = token;
        return call;
    }

    [Theory]
    [InlineData("AWS4-HMAC-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260601/r/iot/aws4_request")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20260601/r/iot/aws4_request, SignedHeaders=x-amz-date, Signature=0")]
    public void Verify_Unparsable_Incomplete(string authorization)
    {
        var call = new SignedCall().Sign(Now);
        call.Headers.Authorization = authorization;
        Refused("IncompleteSignatureException", call, "");
    }

    private void Refused(string type, SignedRequest request, string message)
    {
        var refusal = Assert.Throws<AwsException>(() => _verifier.Verify(request));
        Assert.Equal((403, type), (refusal.Status, refusal.Type));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
