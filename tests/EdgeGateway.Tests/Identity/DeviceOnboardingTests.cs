using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Registry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeGateway.Tests.Identity;

public sealed class DeviceOnboardingTests : IDisposable
{
    private readonly IdentityHouse _house = new(realRegistry: true);

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task AddDevice_Bundle_ConnectsAsItselfAndReachesItsOwnTopicsOnly()
    {
        var bundle = await _house.Get<DeviceOnboarding>().AddDeviceAsync("kitchen", IdentityHouse.Actor, default);

        using var certificate = X509Certificate2.CreateFromPem(bundle.CertificatePem, bundle.PrivateKeyPem);
        var result = await _house.Authenticator.AuthenticateAsync(new ConnectCredentials { Listener = ListenerKind.Mqtts, ClientCertificate = certificate, ClientId = "kitchen" }, default);
        var principal = Assert.IsType<AuthenticationResult.Accepted>(result).Principal;
        var authority = _house.Authorizer.Open(new ConnectionRequest(principal, "kitchen", null));
        Assert.True(authority.MayConnect());
        Assert.True(authority.MayPublish("devices/kitchen/telemetry"u8));
        Assert.True(authority.MaySubscribe("devices/kitchen/#"u8));
        Assert.True(authority.MaySubscribe("$aws/things/kitchen/shadow/update/delta"u8));
        Assert.True(authority.MayReceive("$aws/things/kitchen/jobs/notify"u8));
        Assert.False(authority.MayPublish("devices/cellar/telemetry"u8));
        Assert.False(authority.MaySubscribe("#"u8));
        Assert.False(_house.Authorizer.Open(new ConnectionRequest(principal, "cellar", null)).MayConnect());
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", bundle.CaPem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddDevice_TwiceOrBadName_RefusedAndNothingStays()
    {
        var onboarding = _house.Get<DeviceOnboarding>();
        await onboarding.AddDeviceAsync("kitchen", IdentityHouse.Actor, default);

        var twice = await Assert.ThrowsAsync<IdentityException>(() => onboarding.AddDeviceAsync("kitchen", IdentityHouse.Actor, default));
        var bad = await Assert.ThrowsAsync<IdentityException>(() => onboarding.AddDeviceAsync("kit chen", IdentityHouse.Actor, default));

        Assert.Equal((IdentityError.ResourceAlreadyExists, IdentityError.InvalidRequest), (twice.Error, bad.Error));
        Assert.Single(_house.Certificates.List(null));
        Assert.Equal("kitchen", Assert.Single(_house.Get<IThingCatalog>().Things).Name);
    }

    [Fact]
    public async Task AddDevice_ManyAtOnce_OnePolicyForAll()
    {
        var onboarding = _house.Get<DeviceOnboarding>();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(n => onboarding.AddDeviceAsync($"d{n}", IdentityHouse.Actor, default)));

        Assert.Equal(3, _house.Policies.TargetsOf(DeviceOnboarding.PolicyName).Count);
    }
}
