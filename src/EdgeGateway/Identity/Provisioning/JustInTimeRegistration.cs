using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>
/// Just-in-time registration, as at AWS: a certificate nobody registered, signed by a registered CA with auto-registration, registers itself as PENDING_ACTIVATION at its
/// first connect. Without a template (JITR) an event asks whoever listens to activate it, again at every attempt while it is pending. With one
/// (JITP) the template is carried out at once, and this first connect goes on where the cloud would close it.
/// </summary>
internal sealed partial class JustInTimeRegistration(
    Database database, IdentityState state, CertificateRegistry certificates, CaRegistry authorities, IProvisioningTemplates templates, Lazy<Provisioner> provisioner, IMessageBus bus, GatewayOptions gateway, TimeProvider time,
    ILogger<JustInTimeRegistration> logger) : IDisposable
{
    private readonly SemaphoreSlim _provisioning = new(1);           // two first connects of one device must not both carry out the template
    private readonly ConcurrentDictionary<string, DateTimeOffset> _announced = new(StringComparer.Ordinal);   // by certificate: the last event, one a second at most

    /// <returns>True when the certificate is registered now: judge it again.</returns>
    public async Task<bool> TryRegisterAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (authorities.FindAutoRegistering(certificate) is not { } ca)
            return false;
        var id = CertificateIds.Of(certificate);
        if (certificates.Find(id) is null)
            await RegisterAsync(certificate, ca);
        if (certificates.Find(id) is not { Status: CertificateStatus.PendingActivation } pending)
            return true;
        if (ca.Registration is { TemplateName: not null } or { TemplateBody: not null })
            await ProvisionAsync(certificate, pending.Id, ca, cancellationToken);
        else
            await AnnounceAsync(pending, ca, cancellationToken);
        return true;
    }

    public void Dispose() => _provisioning.Dispose();

    private async Task RegisterAsync(X509Certificate2 certificate, CaCertificate ca)
    {
        try
        {
            CertificateChecks.RequireReadable(certificate, "the certificate");
            CertificateChecks.RequireAcceptedAlgorithms(certificate);
            var id = await database.WriteAsync(connection =>
                certificates.Insert(connection, certificate, CertificateStatus.PendingActivation, ca.Id, ca.Mode, "certificate.auto-register", "jitr:" + ca.Id));
            state.CertificateTouched(id);
            LogRegistered(id, ca.Id);
        }
        catch (IdentityException fault)
        {
            LogNotRegistered(ca.Id, fault.Message);                  // two first connects at once, or an algorithm we refuse
        }
    }

    private async Task ProvisionAsync(X509Certificate2 certificate, string id, CaCertificate ca, CancellationToken cancellationToken)
    {
        await _provisioning.WaitAsync(cancellationToken);
        try
        {
            if (certificates.Find(id) is not { Status: CertificateStatus.PendingActivation })
                return;                                              // another connect of the same device was first
            var plan = ProvisioningTemplateDocument.Parse(BodyOf(ca.Registration!)).Plan(SubjectParameters.Of(certificate));
            await provisioner.Value.ApplyAsync(plan, id, "jitp:" + ca.Id, cancellationToken);
            LogProvisioned(id, plan.Thing?.Name, ca.Id);
        }
        catch (Exception fault) when (fault is TemplateException or IdentityException)
        {
            LogNotProvisioned(id, ca.Id, fault.Message);
        }
        finally
        {
            _provisioning.Release();
        }
    }

    private string BodyOf(CaRegistrationConfig registration)
    {
        if (registration.TemplateBody is { } body)
            return body;
        return templates.Find(registration.TemplateName!) is { Enabled: true, Type: "JITP" } template
            ? template.Body : throw new IdentityException(IdentityError.ResourceNotFound, $"there is no enabled JITP template {registration.TemplateName}");
    }

    private async Task AnnounceAsync(Certificate pending, CaCertificate ca, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_announced.TryGetValue(pending.Id, out var last) && now - last < TimeSpan.FromSeconds(1) && now >= last)
            return;
        if (_announced.Count > 10_000)
            _announced.Clear();
        _announced[pending.Id] = now;
        await bus.PublishAsync(
            new ApplicationMessage($"$aws/events/certificates/registered/{ca.Id}", Body(pending, ca, now)) { Origin = new MessageOrigin("identity") }, cancellationToken);
    }

    private byte[] Body(Certificate pending, CaCertificate ca, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("certificateId", pending.Id);
            json.WriteString("caCertificateId", ca.Id);
            json.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
            json.WriteString("certificateStatus", pending.Status.ToWire());
            json.WriteString("awsAccountId", gateway.Account);
            json.WriteNumber("certificateRegistrationTimestamp", pending.Created.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    [LoggerMessage(3301, LogLevel.Information, "Certificate {Certificate} registered itself through CA {Ca} and waits for activation")]
    private partial void LogRegistered(string certificate, string ca);

    [LoggerMessage(3311, LogLevel.Information, "Certificate {Certificate} provisioned for thing {Thing} by the template of CA {Ca}")]
    private partial void LogProvisioned(string certificate, string? thing, string ca);

    [LoggerMessage(3312, LogLevel.Warning, "Certificate {Certificate} not provisioned by the template of CA {Ca}: {Why}")]
    private partial void LogNotProvisioned(string certificate, string ca, string why);

    [LoggerMessage(3302, LogLevel.Warning, "A certificate of CA {Ca} could not register itself: {Why}")]
    private partial void LogNotRegistered(string ca, string why);
}
