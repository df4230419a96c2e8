using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>Carries out a template for somebody of the control plane; unlike a device, they may bring a certificate or a CSR in it.</summary>
internal sealed class ThingRegistration(ICertificates certificates, Provisioner provisioner, IdentityArns arns, Configuration.GatewayOptions gateway)
{
    /// <returns>PEM of the certificate, and ARNs by their logical names in the template.</returns>
    /// <exception cref="TemplateException">The template is faulty or does not fit the parameters.</exception>
    /// <exception cref="IdentityException">A part is refused; nothing stays.</exception>
    public async Task<(string? Pem, IReadOnlyDictionary<string, string> Resources)> RegisterAsync(
        string body, IReadOnlyDictionary<string, string> parameters, string actor, CancellationToken cancellationToken)
    {
        var plan = ProvisioningTemplateDocument.Parse(body).Plan(parameters);
        if (plan.Certificate is not { } wanted)
            throw new IdentityException(IdentityError.InvalidRequest, "the template has no certificate");
        var (id, isNew) = await CertificateAsync(wanted, actor);
        try
        {
            await provisioner.ApplyAsync(plan with { Certificate = wanted with { Id = id } }, id, actor, cancellationToken);
        }
        catch
        {
            if (isNew)
                await certificates.DeleteAsync(id, force: true, actor);
            throw;
        }
        return (certificates.Pem(id), Resources(plan, wanted, id));
    }

    /// <summary>Registered INACTIVE: the plan's last step lets it in.</summary>
    private async Task<(string Id, bool IsNew)> CertificateAsync(PlannedCertificate wanted, string actor) => wanted switch
    {
        { Id: { } id } => (id, false),
        { Csr: { } csr } => ((await certificates.CreateFromCsrAsync(csr, CertificateStatus.Inactive, actor)).Certificate.Id, true),
        { Pem: { } pem } => ((await certificates.RegisterAsync(pem, wanted.CaPem, CertificateStatus.Inactive, actor)).Id, true),
        _ => throw new IdentityException(IdentityError.InvalidRequest, "the template's certificate names neither an id, a PEM nor a CSR"),
    };

    private Dictionary<string, string> Resources(ProvisioningPlan plan, PlannedCertificate certificate, string id)
    {
        var resources = new Dictionary<string, string>(StringComparer.Ordinal) { [certificate.LogicalName] = arns.Certificate(id) };
        if (plan.Thing is { } thing)
            resources[thing.LogicalName] = gateway.Arn($"thing/{thing.Name}");
        foreach (var policy in plan.Policies)
            resources[policy.LogicalName] = arns.Policy(Provisioner.NameOf(policy));
        return resources;
    }
}
