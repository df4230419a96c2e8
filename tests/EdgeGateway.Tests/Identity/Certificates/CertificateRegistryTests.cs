using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using Xunit;

namespace EdgeGateway.Tests.Identity.Certificates;

public sealed class CertificateRegistryTests : IDisposable
{
    private readonly IdentityHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task CreateKeysAndCertificate_Result_IsUsableAndAsTheSpecSays()
    {
        var issued = await _house.Certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, "kitchen", IdentityHouse.Actor);

        using var certificate = X509Certificate2.CreateFromPem(issued.Pem, issued.PrivateKeyPem);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)), issued.Certificate.Id);
        Assert.Equal("CN=kitchen", certificate.Subject);
        Assert.Equal(2048, certificate.GetRSAPublicKey()!.KeySize);
        Assert.Equal(new DateTime(2049, 12, 31, 23, 59, 59, DateTimeKind.Utc), certificate.NotAfter.ToUniversalTime());
        Assert.Equal(DateTime.UnixEpoch, certificate.NotBefore.ToUniversalTime());
        Assert.StartsWith("-----BEGIN RSA PRIVATE KEY-----", issued.PrivateKeyPem, StringComparison.Ordinal);
        Assert.Equal(issued.Pem, _house.Certificates.Pem(issued.Certificate.Id));
        var ca = _house.Get<LocalCertificateAuthority>();
        Assert.True(CertificateChecks.IsSignedBy(certificate, ca.Public));
        Assert.Equal(ca.Id, issued.Certificate.CaCertificateId);
    }

    [Fact]
    public async Task CreateFromCsr_EcKey_SignsItWithItsSubject()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var csr = new CertificateRequest("CN=pump, O=Works", key, HashAlgorithmName.SHA384).CreateSigningRequestPem();

        var issued = await _house.Certificates.CreateFromCsrAsync(csr, CertificateStatus.Inactive, IdentityHouse.Actor);

        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        Assert.Equal("CN=pump, O=Works", certificate.Subject);
        Assert.Null(issued.PrivateKeyPem);
        Assert.Equal(CertificateStatus.Inactive, issued.Certificate.Status);
    }

    [Fact]
    public async Task CreateFromCsr_Faulty_NamedAndNothingStays()
    {
        using var weak = RSA.Create(1024);
        var weakCsr = new CertificateRequest("CN=x", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

        foreach (var csr in new[] { "", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", weakCsr })
        {
            var fault = await Assert.ThrowsAsync<IdentityException>(() => _house.Certificates.CreateFromCsrAsync(csr, CertificateStatus.Active, IdentityHouse.Actor));
            Assert.Equal(IdentityError.InvalidRequest, fault.Error);
        }
        Assert.Empty(_house.Certificates.List(null));
    }

    [Theory]
    [InlineData(CertificateStatus.Active, CertificateStatus.Inactive, true)]
    [InlineData(CertificateStatus.Active, CertificateStatus.Revoked, true)]
    [InlineData(CertificateStatus.Active, CertificateStatus.PendingActivation, false)]
    [InlineData(CertificateStatus.Active, CertificateStatus.PendingTransfer, false)]
    [InlineData(CertificateStatus.Inactive, CertificateStatus.Active, true)]
    [InlineData(CertificateStatus.Inactive, CertificateStatus.Revoked, true)]
    [InlineData(CertificateStatus.PendingActivation, CertificateStatus.Active, true)]
    [InlineData(CertificateStatus.PendingActivation, CertificateStatus.Inactive, true)]
    [InlineData(CertificateStatus.Revoked, CertificateStatus.Active, false)]
    [InlineData(CertificateStatus.Revoked, CertificateStatus.Inactive, false)]
    [InlineData(CertificateStatus.RegisterInactive, CertificateStatus.Active, true)]
    public async Task Update_Status_OnlyAsTheTableSays(CertificateStatus from, CertificateStatus to, bool allowed)
    {
        var id = (await _house.Certificates.CreateKeysAndCertificateAsync(from, null, IdentityHouse.Actor)).Certificate.Id;

        if (allowed)
        {
            Assert.Equal(to, (await _house.Certificates.UpdateAsync(id, to, IdentityHouse.Actor)).Status);
            return;
        }
        await Assert.ThrowsAsync<IdentityException>(() => _house.Certificates.UpdateAsync(id, to, IdentityHouse.Actor));
        Assert.Equal(from, _house.Certificates.Find(id)!.Status);
    }

    [Fact]
    public async Task Delete_ActiveAttachedOrWithPolicy_RefusedAsTheSpecSays()
    {
        var id = (await _house.Certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, null, IdentityHouse.Actor)).Certificate.Id;
        var target = _house.Arns.Certificate(id);
        await _house.AllowAsync("p", target, """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""");
        _house.Things.Put("pump");
        _house.Things.Attach("pump", target);

        Assert.Equal(406, (await Refused(force: true)).Error.Status);
        await _house.Certificates.UpdateAsync(id, CertificateStatus.Inactive, IdentityHouse.Actor);
        Assert.Equal("DeleteConflictException", (await Refused(force: true)).Error.Code);
        _house.Things.Detach("pump", target);
        Assert.Equal(409, (await Refused(force: false)).Error.Status);
        await _house.Certificates.DeleteAsync(id, force: true, IdentityHouse.Actor);

        Assert.Null(_house.Certificates.Find(id));
        Assert.Null(_house.Certificates.Pem(id));
        Assert.Empty(_house.Policies.AttachedTo(target));
        Assert.Equal(404, (await Refused(force: false)).Error.Status);

        async Task<IdentityException> Refused(bool force) =>
            await Assert.ThrowsAsync<IdentityException>(() => _house.Certificates.DeleteAsync(id, force, IdentityHouse.Actor));
    }

    [Fact]
    public async Task RegisterWithoutCa_Twice_AnswersTheExistingId()
    {
        using var owner = TestCa.Make("Owner");
        var (pem, _) = owner.Issue("CN=brought");
        var first = await _house.Certificates.RegisterWithoutCaAsync(pem, CertificateStatus.Active, IdentityHouse.Actor);

        var fault = await Assert.ThrowsAsync<IdentityException>(() => _house.Certificates.RegisterWithoutCaAsync(pem, CertificateStatus.Active, IdentityHouse.Actor));

        Assert.Equal((IdentityError.ResourceAlreadyExists, first.Id), (fault.Error, fault.ResourceId));
        Assert.Null(first.CaCertificateId);
        Assert.Equal("SNI_ONLY", first.Mode);
    }

    [Fact]
    public async Task Register_ByItsCa_OnlyWhenRegisteredActiveAndReallySigned()
    {
        using var owner = TestCa.Make("Owner");
        using var impostor = TestCa.Make("Owner");                   // same name, other key
        var (pem, _) = owner.Issue("CN=brought");
        await RefusedAsync(pem);
        var ca = await RegisterAsync(owner);
        await _house.Authorities.UpdateAsync(ca.Id, new CaUpdate(Active: false, null, null, false), IdentityHouse.Actor);
        await RefusedAsync(pem);
        await _house.Authorities.UpdateAsync(ca.Id, new CaUpdate(Active: true, null, null, false), IdentityHouse.Actor);
        await RefusedAsync(impostor.Issue("CN=forged").Pem);

        var certificate = await _house.Certificates.RegisterAsync(pem, null, CertificateStatus.Active, IdentityHouse.Actor);

        Assert.Equal(ca.Id, certificate.CaCertificateId);
        await RegisterAsync(impostor);
        var ambiguous = await Assert.ThrowsAsync<IdentityException>(
            () => _house.Certificates.RegisterAsync(owner.Issue("CN=second").Pem, null, CertificateStatus.Active, IdentityHouse.Actor));
        Assert.Equal(IdentityError.CertificateConflict, ambiguous.Error);
        Assert.Equal(ca.Id, (await _house.Certificates.RegisterAsync(owner.Issue("CN=third").Pem, owner.Pem, CertificateStatus.Active, IdentityHouse.Actor)).CaCertificateId);

        async Task RefusedAsync(string refused)
        {
            var fault = await Assert.ThrowsAsync<IdentityException>(() => _house.Certificates.RegisterAsync(refused, null, CertificateStatus.Active, IdentityHouse.Actor));
            Assert.Equal(IdentityError.CertificateValidation, fault.Error);
        }
    }

    [Fact]
    public async Task RegisterCa_VerificationCertificate_MustCarryTheCode()
    {
        using var owner = TestCa.Make("Owner");
        var code = await _house.Authorities.GetRegistrationCodeAsync();
        Assert.Equal(64, code.Length);
        Assert.Equal(code, await _house.Authorities.GetRegistrationCodeAsync());

        await RefusedAsync(owner.Issue("CN=wrong").Pem, IdentityError.RegistrationCodeValidation);
        using (var other = TestCa.Make("Other"))
            await RefusedAsync(other.Issue("CN=" + code).Pem, IdentityError.CertificateValidation);
        await RefusedAsync(null, IdentityError.InvalidRequest);
        await RefusedAsync("no pem", IdentityError.CertificateValidation);

        var ca = await RegisterAsync(owner);
        var conflict = await Assert.ThrowsAsync<IdentityException>(() => _house.Authorities.DeleteAsync(ca.Id, IdentityHouse.Actor));
        Assert.Equal(406, conflict.Error.Status);
        await _house.Authorities.UpdateAsync(ca.Id, new CaUpdate(false, null, null, false), IdentityHouse.Actor);
        await _house.Authorities.DeleteAsync(ca.Id, IdentityHouse.Actor);
        Assert.Empty(_house.Authorities.List());

        async Task RefusedAsync(string? verification, IdentityError error)
        {
            var registration = new CaRegistration(owner.Pem, verification, true, false, "DEFAULT", null);
            Assert.Equal(error, (await Assert.ThrowsAsync<IdentityException>(() => _house.Authorities.RegisterAsync(registration, IdentityHouse.Actor))).Error);
        }
    }

    [Fact]
    public async Task Reopened_EverythingIsStillThere()
    {
        var id = (await _house.Certificates.CreateKeysAndCertificateAsync(CertificateStatus.Active, null, IdentityHouse.Actor)).Certificate.Id;
        await _house.AllowAsync("p", _house.Arns.Certificate(id), """{ "Effect": "Allow", "Action": "iot:*", "Resource": "*" }""");
        var caPem = _house.Get<LocalCertificateAuthority>().Pem;
        _house.Close();

        using var again = new IdentityHouse(folder: _house.Folder);

        Assert.Equal(CertificateStatus.Active, again.Certificates.Find(id)!.Status);
        Assert.True(again.Authorizer.Open(new ConnectionRequest(new Principal(id, PrincipalKind.Certificate, id), "c", null)).MayConnect());
        Assert.Equal(caPem, again.Get<LocalCertificateAuthority>().Pem);
        Assert.Equal(["certificate.create", "policy.create", "policy.attach"], again.Get<IAuditLog>().List(null, 10).Reverse().Select(entry => entry.Action));
    }

    private async Task<CaCertificate> RegisterAsync(TestCa owner)
    {
        var code = await _house.Authorities.GetRegistrationCodeAsync();
        return await _house.Authorities.RegisterAsync(new CaRegistration(owner.Pem, owner.Issue("CN=" + code).Pem, true, false, "DEFAULT", null), IdentityHouse.Actor);
    }
}
