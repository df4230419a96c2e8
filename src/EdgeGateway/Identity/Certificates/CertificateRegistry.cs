using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Registry;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Certificates;

internal sealed class CertificateRegistry(
    Database database, IdentityState state, LocalCertificateAuthority authority, IdentityArns arns, IThingCatalog things, AuditLog audit, TimeProvider time)
    : ICertificates
{
    private const string NeutralName = "EdgeGateway IoT Certificate";

    public async Task<IssuedCertificate> CreateKeysAndCertificateAsync(CertificateStatus status, string? commonName, string actor)
    {
        // RSA key generation takes up to seconds on a small Pi: not on the caller's thread, and not on the storage writer.
        var (x509, pem, privateKey, publicKey) = await Task.Run(() => NewKeyAndCertificate(commonName ?? NeutralName));
        using (x509)
            return new IssuedCertificate(await StoreAsync(x509, status, authority.Id, "DEFAULT", "certificate.create", actor), pem, publicKey, privateKey);
    }

    public async Task<IssuedCertificate> CreateFromCsrAsync(string csrPem, CertificateStatus status, string actor)
    {
        using var x509 = Sign(csrPem);
        return new IssuedCertificate(await StoreAsync(x509, status, authority.Id, "DEFAULT", "certificate.create-from-csr", actor), Pem(x509), PublicKeyPem: null, PrivateKeyPem: null);
    }

    public async Task<Certificate> RegisterAsync(string pem, string? caPem, CertificateStatus status, string actor)
    {
        using var x509 = CertificateChecks.Parse(pem);
        CertificateChecks.RequireAcceptedAlgorithms(x509);
        var ca = FindCa(x509, caPem);
        return await StoreAsync(x509, status, ca, "DEFAULT", "certificate.register", actor);
    }

    public async Task<Certificate> RegisterWithoutCaAsync(string pem, CertificateStatus status, string actor)
    {
        using var x509 = CertificateChecks.Parse(pem);
        CertificateChecks.RequireAcceptedAlgorithms(x509);
        return await StoreAsync(x509, status, ca: null, "SNI_ONLY", "certificate.register-no-ca", actor);
    }

    public async Task<Certificate> UpdateAsync(string id, CertificateStatus newStatus, string actor)
    {
        await database.WriteAsync(connection => SetStatus(connection, id, newStatus, actor));
        state.CertificateTouched(id);
        return Find(id) ?? throw IdentityException.NotFound("certificate", id);
    }

    public async Task DeleteAsync(string id, bool force, string actor)
    {
        var target = arns.Certificate(id);
        await database.WriteAsync(connection =>
        {
            if (StatusOf(connection, id) == CertificateStatus.Active)
                throw new IdentityException(IdentityError.CertificateState, $"certificate {id} is ACTIVE: deactivate or revoke it first");
            if (things.ThingsOf(target) is [var thing, ..])
                throw new IdentityException(IdentityError.DeleteConflict, $"certificate {id} is attached to thing {thing}");
            var policies = connection.Query("SELECT policy FROM identity_attachment WHERE target = $target", row => row.GetString(0), ("$target", target));
            if (policies.Count > 0 && !force)
                throw new IdentityException(IdentityError.DeleteConflict, $"policy {policies[0]} is attached to certificate {id}");
            connection.Execute("DELETE FROM identity_attachment WHERE target = $target", ("$target", target));
            connection.Execute("DELETE FROM identity_certificate WHERE id = $id", ("$id", id));
            audit.Append(connection, actor, "certificate.delete", target);
        });
        state.TargetTouched(target);
        state.CertificateTouched(id);
    }

    public Certificate? Find(string id) => state.Snapshot.Certificates.GetValueOrDefault(id);

    public string? Pem(string id) =>
        database.Read(connection => connection.Scalar("SELECT pem FROM identity_certificate WHERE id = $id", ("$id", id))) as string;

    public IReadOnlyList<Certificate> List(string? caCertificateId) =>
        [.. state.Snapshot.Certificates.Values
            .Where(certificate => caCertificateId is null || certificate.CaCertificateId == caCertificateId)
            .OrderBy(certificate => certificate.Created).ThenBy(certificate => certificate.Id, StringComparer.Ordinal)];

    /// <summary>A claim of a trusted user: signed like any other, registered nowhere.</summary>
    internal async Task<IssuedClaim> IssueClaimAsync()
    {
        var (x509, pem, privateKey, publicKey) = await Task.Run(() => NewKeyAndCertificate("EdgeGateway provisioning claim"));
        using (x509)
            return new IssuedClaim(CertificateIds.Of(x509), pem, publicKey, privateKey);
    }

    /// <summary>Within the caller's transaction: the change of status that is allowed (AWS guide: Client certificates), or an exception.</summary>
    internal void SetStatus(SqliteConnection connection, string id, CertificateStatus newStatus, string actor)
    {
        var status = StatusOf(connection, id);
        if (!status.MayBecome(newStatus))
            throw new IdentityException(
                status == CertificateStatus.Revoked ? IdentityError.CertificateState : IdentityError.InvalidRequest, $"certificate {id} is {status.ToWire()} and cannot become {newStatus.ToWire()}");
        if (status == newStatus)
            return;
        connection.Execute(
            "UPDATE identity_certificate SET status = $status, modified = $now, version = version + 1 WHERE id = $id",
            ("$status", newStatus.ToWire()), ("$now", Now()), ("$id", id));
        audit.Append(connection, actor, "certificate.update", arns.Certificate(id), newStatus.ToWire());
    }

    /// <summary>Within the caller's transaction: registers a certificate as it is.</summary>
    internal string Insert(SqliteConnection connection, X509Certificate2 x509, CertificateStatus status, string? ca, string mode, string action, string actor)
    {
        var id = CertificateIds.Of(x509);
        if (connection.Scalar("SELECT 1 FROM identity_certificate WHERE id = $id", ("$id", id)) is not null)
            throw new IdentityException(IdentityError.ResourceAlreadyExists, $"the certificate is already registered as {id}") { ResourceId = id, ResourceArn = arns.Certificate(id) };
        connection.Execute(
            """
            INSERT INTO identity_certificate (id, pem, status, ca_id, mode, not_before, not_after, created, modified)
            VALUES ($id, $pem, $status, $ca, $mode, $notBefore, $notAfter, $now, $now)
            """,
            ("$id", id), ("$pem", Pem(x509)), ("$status", status.ToWire()), ("$ca", ca), ("$mode", mode), ("$notBefore", Milliseconds(x509.NotBefore)),
            ("$notAfter", Milliseconds(x509.NotAfter)), ("$now", Now()));
        audit.Append(connection, actor, action, arns.Certificate(id), status.ToWire());
        return id;
    }

    /// <exception cref="IdentityException">InvalidRequest: no CSR, its signature is wrong, or its key is not accepted.</exception>
    internal X509Certificate2 Sign(string csrPem)
    {
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequestPem(csrPem, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
            RequireAcceptedKey(request.PublicKey);
            _ = request.SubjectName.EnumerateRelativeDistinguishedNames().Count();
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new IdentityException(IdentityError.InvalidRequest, $"not a certificate signing request in PEM: {fault.Message}");
        }
        return authority.IssueClient(request.SubjectName, request.PublicKey);
    }

    private static void RequireAcceptedKey(PublicKey key)
    {
        using var rsa = key.GetRSAPublicKey();
        using var ec = rsa is null ? key.GetECDsaPublicKey() : null;
        var accepted = rsa is { KeySize: >= 2048 } || ec is { KeySize: 256 or 384 or 521 };
        if (!accepted)
            throw new IdentityException(IdentityError.InvalidRequest, "the CSR's key is not accepted: expected RSA from 2048 bits, or EC P-256, P-384 or P-521");
    }

    private (X509Certificate2 Certificate, string Pem, string PrivateKey, string PublicKey) NewKeyAndCertificate(string commonName)
    {
        using var key = RSA.Create(2048);
        var x509 = authority.IssueClient(new X500DistinguishedName("CN=" + LocalCertificateAuthority.Escaped(commonName)), PublicKeyOf(key));
        return (x509, Pem(x509), key.ExportRSAPrivateKeyPem() + "\n", key.ExportSubjectPublicKeyInfoPem() + "\n");

        static PublicKey PublicKeyOf(RSA key) => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
    }

    private async Task<Certificate> StoreAsync(X509Certificate2 x509, CertificateStatus status, string? ca, string mode, string action, string actor)
    {
        var id = await database.WriteAsync(connection => Insert(connection, x509, status, ca, mode, action, actor));
        state.CertificateTouched(id);
        return Find(id) ?? throw IdentityException.NotFound("certificate", id);
    }

    /// <summary>The registered active CA that signed it (only the signing CA counts, not those above; AWS guide: Client certificates).</summary>
    private string FindCa(X509Certificate2 x509, string? caPem)
    {
        using var named = caPem is null ? null : CertificateChecks.Parse(caPem, "caCertificatePem");
        if (named is not null && CertificateIds.Of(named) == authority.Id)
            return CertificateChecks.IsSignedBy(x509, named) ? authority.Id : throw NotSigned();
        var candidates = database.Read(connection => connection.Query(
            "SELECT id, pem, status FROM identity_ca WHERE subject = $subject", row => (Id: row.GetString(0), Pem: row.GetString(1), Status: row.GetString(2)), ("$subject", x509.IssuerName.RawData)));
        if (named is not null)
            candidates.RemoveAll(candidate => candidate.Id != CertificateIds.Of(named));
        if (candidates.Count == 0)
            throw new IdentityException(IdentityError.CertificateValidation, "no registered CA has the issuer's name: register the CA, or register without CA");
        if (candidates.Count > 1)
            throw new IdentityException(IdentityError.CertificateConflict, "several registered CAs share the issuer's name: give caCertificatePem");
        if (candidates[0].Status != "ACTIVE")
            throw new IdentityException(IdentityError.CertificateValidation, $"CA {candidates[0].Id} is INACTIVE");
        using var ca = CertificateChecks.Parse(candidates[0].Pem);
        return CertificateChecks.IsSignedBy(x509, ca) ? candidates[0].Id : throw NotSigned();

        static IdentityException NotSigned() => new(IdentityError.CertificateValidation, "the certificate is not signed by the CA whose name it carries");
    }

    private static CertificateStatus StatusOf(SqliteConnection connection, string id) =>
        connection.Scalar("SELECT status FROM identity_certificate WHERE id = $id", ("$id", id)) is string text && CertificateStatuses.TryParse(text, out var status)
            ? status : throw IdentityException.NotFound("certificate", id);

    private static string Pem(X509Certificate2 x509) => x509.ExportCertificatePem() + "\n";

    private static long Milliseconds(DateTime localTime) => new DateTimeOffset(localTime.ToUniversalTime()).ToUnixTimeMilliseconds();

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
