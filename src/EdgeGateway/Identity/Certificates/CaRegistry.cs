using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Provisioning;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity.Certificates;

internal sealed class CaRegistry(Database database, IdentityArns arns, AuditLog audit, TimeProvider time) : ICertificateAuthorities
{
    private const string CodeSetting = "registration-code";
    private const string Columns = "id, pem, status, auto_registration, mode, template_name, template_body, role_arn, not_before, not_after, created, modified, version";

    public Task<string> GetRegistrationCodeAsync() => database.WriteAsync(connection =>
    {
        if (IdentitySettings.Read(connection, CodeSetting) is { } code)
            return code;
        code = RandomNumberGenerator.GetHexString(64, lowercase: true);
        IdentitySettings.Write(connection, CodeSetting, code);
        return code;
    });

    public Task DeleteRegistrationCodeAsync(string actor) => database.WriteAsync(connection =>
    {
        IdentitySettings.Delete(connection, CodeSetting);
        audit.Append(connection, actor, "registration-code.delete", "registration-code");
    });

    public async Task<CaCertificate> RegisterAsync(CaRegistration registration, string actor)
    {
        using var ca = CertificateChecks.Parse(registration.CaPem, "caCertificate");
        if (!CertificateChecks.IsCa(ca))
            throw new IdentityException(IdentityError.CertificateValidation, "caCertificate is not a CA certificate: basicConstraints does not say CA");
        CertificateChecks.RequireAcceptedAlgorithms(ca);
        if (registration.Mode is not ("DEFAULT" or "SNI_ONLY"))
            throw new IdentityException(IdentityError.InvalidRequest, $"certificateMode is {registration.Mode}, expected DEFAULT or SNI_ONLY");
        using var verification = registration.VerificationPem is null ? null : CertificateChecks.Parse(registration.VerificationPem, "verificationCertificate");
        var id = CertificateIds.Of(ca);
        await database.WriteAsync(connection =>
        {
            Check(connection, registration.Registration);
            if (registration.Mode == "DEFAULT")
                RequirePossession(connection, ca, verification);
            if (connection.Scalar("SELECT 1 FROM identity_ca WHERE id = $id", ("$id", id)) is not null)
                throw new IdentityException(IdentityError.ResourceAlreadyExists, $"the CA is already registered as {id}") { ResourceId = id, ResourceArn = arns.CaCertificate(id) };
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            connection.Execute(
                $"""
                INSERT INTO identity_ca (subject, {Columns})
                VALUES ($subject, $id, $pem, $status, $auto, $mode, $template, $body, $role, $notBefore, $notAfter, $now, $now, 1)
                """,
                ("$subject", ca.SubjectName.RawData), ("$id", id), ("$pem", ca.ExportCertificatePem() + "\n"), ("$status", registration.SetAsActive ? "ACTIVE" : "INACTIVE"),
                ("$auto", registration.AllowAutoRegistration), ("$mode", registration.Mode), ("$template", registration.Registration?.TemplateName),
                ("$body", registration.Registration?.TemplateBody), ("$role", registration.Registration?.RoleArn),
                ("$notBefore", new DateTimeOffset(ca.NotBefore.ToUniversalTime()).ToUnixTimeMilliseconds()),
                ("$notAfter", new DateTimeOffset(ca.NotAfter.ToUniversalTime()).ToUnixTimeMilliseconds()), ("$now", now));
            audit.Append(connection, actor, "ca.register", arns.CaCertificate(id), registration.Mode);
        });
        return Find(id) ?? throw IdentityException.NotFound("CA certificate", id);
    }

    public async Task<CaCertificate> UpdateAsync(string id, CaUpdate update, string actor)
    {
        await database.WriteAsync(connection =>
        {
            var ca = Find(connection, id) ?? throw IdentityException.NotFound("CA certificate", id);
            Check(connection, update.Registration);
            var config = update.RemoveRegistration ? null : update.Registration ?? ca.Registration;
            connection.Execute(
                """
                UPDATE identity_ca SET status = $status, auto_registration = $auto, template_name = $template, template_body = $body, role_arn = $role,
                    modified = $now, version = version + 1
                WHERE id = $id
                """,
                ("$status", update.Active ?? ca.Active ? "ACTIVE" : "INACTIVE"), ("$auto", update.AutoRegistration ?? ca.AutoRegistration), ("$template", config?.TemplateName),
                ("$body", config?.TemplateBody), ("$role", config?.RoleArn), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$id", id));
            audit.Append(connection, actor, "ca.update", arns.CaCertificate(id));
        });
        return Find(id) ?? throw IdentityException.NotFound("CA certificate", id);
    }

    public Task DeleteAsync(string id, string actor) => database.WriteAsync(connection =>
    {
        var ca = Find(connection, id) ?? throw IdentityException.NotFound("CA certificate", id);
        if (ca.Active)
            throw new IdentityException(IdentityError.CertificateState, $"CA certificate {id} is ACTIVE: deactivate it first");
        connection.Execute("DELETE FROM identity_ca WHERE id = $id", ("$id", id));
        audit.Append(connection, actor, "ca.delete", arns.CaCertificate(id));
    });

    public CaCertificate? Find(string id) => database.Read(connection => Find(connection, id));

    public IReadOnlyList<CaCertificate> List() =>
        database.Read(connection => connection.Query($"SELECT {Columns} FROM identity_ca ORDER BY created, id", ToCa));

    /// <summary>The active CA with auto-registration that signed this certificate; null when there is none (AWS guide: Just-in-time registration).</summary>
    internal CaCertificate? FindAutoRegistering(X509Certificate2 certificate)
    {
        var candidates = database.Read(connection => connection.Query(
            $"SELECT {Columns} FROM identity_ca WHERE subject = $subject AND status = 'ACTIVE' AND auto_registration = 1", ToCa, ("$subject", certificate.IssuerName.RawData)));
        foreach (var candidate in candidates)
        {
            using var ca = CertificateChecks.Parse(candidate.Pem);
            if (CertificateChecks.IsSignedBy(certificate, ca))
                return candidate;
        }
        return null;
    }

    private static CaCertificate? Find(SqliteConnection connection, string id) =>
        connection.Query($"SELECT {Columns} FROM identity_ca WHERE id = $id", ToCa, ("$id", id)).SingleOrDefault();

    private static CaCertificate ToCa(SqliteDataReader row)
    {
        var config = new CaRegistrationConfig(row.Text(5), row.Text(6), row.Text(7));
        return new CaCertificate(
            row.GetString(0), row.GetString(1), row.GetString(2) == "ACTIVE", row.GetBoolean(3), row.GetString(4),
            config is { TemplateName: null, TemplateBody: null, RoleArn: null } ? null : config, row.Time(8), row.Time(9), row.Time(10), row.Time(11), row.GetInt64(12));
    }

    /// <summary>A template's fault is named now, not at a device's first connect.</summary>
    private static void Check(SqliteConnection connection, CaRegistrationConfig? config)
    {
        if (config is { TemplateBody: not null, TemplateName: not null })
            throw new IdentityException(IdentityError.InvalidRequest, "registrationConfig has templateBody and templateName, expected one of them");
        if (config?.TemplateBody is { } body)
            ProvisioningTemplateDocument.Parse(body);
        if (config?.TemplateName is not { } name)
            return;
        switch (connection.Scalar("SELECT type FROM identity_template WHERE name = $name", ("$name", name)))
        {
            case null:
                throw IdentityException.NotFound("provisioning template", name);
            case not "JITP":
                throw new IdentityException(IdentityError.InvalidRequest, $"provisioning template {name} is not of type JITP: it cannot be a CA's");
        }
    }

    /// <summary>The owner signed our code with the CA's key (AWS guide: CA certificates).</summary>
    private static void RequirePossession(SqliteConnection connection, X509Certificate2 ca, X509Certificate2? verification)
    {
        if (verification is null)
            throw new IdentityException(IdentityError.InvalidRequest, "verificationCertificate is needed in mode DEFAULT");
        if (!CertificateChecks.IsSignedBy(verification, ca))
            throw new IdentityException(IdentityError.CertificateValidation, "verificationCertificate is not signed by caCertificate");
        var code = IdentitySettings.Read(connection, CodeSetting);
        if (code is null || !string.Equals(verification.GetNameInfo(X509NameType.SimpleName, forIssuer: false), code, StringComparison.OrdinalIgnoreCase))
            throw new IdentityException(IdentityError.RegistrationCodeValidation, "the verification certificate's common name is not the registration code");
    }
}
