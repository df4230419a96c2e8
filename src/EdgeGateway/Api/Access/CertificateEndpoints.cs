using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>Client certificates.</summary>
internal static class CertificateEndpoints
{
    public static void MapCertificates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/certificates").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", CreateAsync);
        group.MapGet("/{id}", Get);
        group.MapPut("/{id}/status", UpdateAsync);
        group.MapDelete("/{id}", DeleteAsync);
        group.MapPut("/{id}/things/{thing}", AttachAsync);
        group.MapDelete("/{id}/things/{thing}", DetachAsync);
    }

    private static Ok<CertificateResponse[]> List(ICertificates certificates, IThingCatalog things, IPolicies policies, IdentityArns arns, string? ca) =>
        TypedResults.Ok<CertificateResponse[]>([.. certificates.List(ca).Select(certificate => Response(certificate, things, policies, arns, pem: null))]);

    private static Ok<CertificateResponse> Get(string id, ICertificates certificates, IThingCatalog things, IPolicies policies, IdentityArns arns, TargetNames names)
    {
        var certificate = names.Certificate(id);
        return TypedResults.Ok(Response(certificate, things, policies, arns, certificates.Pem(certificate.Id)));
    }

    private static async Task<Ok<IssuedCertificateResponse>> CreateAsync(CertificateRequest request, ICertificates certificates, IServerCertificate server, IdentityArns arns, Caller caller)
    {
        var status = request.Inactive ? CertificateStatus.Inactive : CertificateStatus.Active;
        var issued = request switch
        {
            { Csr: { } csr } => await certificates.CreateFromCsrAsync(csr, status, caller.Actor),
            { Pem: { } pem, AnyIssuer: true } => new(await certificates.RegisterWithoutCaAsync(pem, status, caller.Actor), pem, null, null),
            { Pem: { } pem } => new(await certificates.RegisterAsync(pem, request.CaPem, status, caller.Actor), pem, null, null),
            _ => await certificates.CreateKeysAndCertificateAsync(status, request.CommonName, caller.Actor),
        };
        var certificate = issued.Certificate;
        return TypedResults.Ok(new IssuedCertificateResponse(
            certificate.Id, arns.Certificate(certificate.Id), certificate.Status.ToWire(), issued.Pem, issued.PrivateKeyPem, server.CaPem));
    }

    private static async Task<Results<Ok<CertificateResponse>, ProblemHttpResult>> UpdateAsync(
        string id, StatusRequest request, ICertificates certificates, IThingCatalog things, IPolicies policies, IdentityArns arns, TargetNames names, Caller caller)
    {
        if (!CertificateStatuses.TryParse(request.Status, out var status))
            return Problems.BadRequest($"status is '{request.Status}', expected ACTIVE, INACTIVE or REVOKED");
        return TypedResults.Ok(Response(await certificates.UpdateAsync(names.Certificate(id).Id, status, caller.Actor), things, policies, arns, pem: null));
    }

    private static async Task<NoContent> DeleteAsync(string id, bool? force, ICertificates certificates, TargetNames names, Caller caller)
    {
        await certificates.DeleteAsync(names.Certificate(id).Id, force ?? false, caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> AttachAsync(
        string id, string thing, bool? exclusive, IThings things, IdentityArns arns, TargetNames names, IAuditLog audit, Caller caller, CancellationToken cancellationToken)
    {
        var target = arns.Certificate(names.Certificate(id).Id);
        names.Require(await things.AttachAsync(thing, target, exclusive ?? false, cancellationToken));
        await audit.AppendAsync(caller.Actor, "thing.attach", target, thing);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DetachAsync(
        string id, string thing, IThings things, IdentityArns arns, TargetNames names, IAuditLog audit, Caller caller, CancellationToken cancellationToken)
    {
        var target = arns.Certificate(names.Certificate(id).Id);
        names.Require(await things.DetachAsync(thing, target, cancellationToken));
        await audit.AppendAsync(caller.Actor, "thing.detach", target, thing);
        return TypedResults.NoContent();
    }

    private static CertificateResponse Response(Certificate certificate, IThingCatalog things, IPolicies policies, IdentityArns arns, string? pem)
    {
        var arn = arns.Certificate(certificate.Id);
        return CertificateResponse.From(certificate, arn, things.ThingsOf(arn), policies.AttachedTo(arn), pem);
    }
}
