using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>CAs whose certificates devices bring.</summary>
internal static class CaEndpoints
{
    public static void MapCas(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/cas").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", RegisterAsync);
        group.MapPost("/registration-code", CodeAsync);
        group.MapPut("/{id}", UpdateAsync);
        group.MapDelete("/{id}", DeleteAsync);
    }

    private static Ok<CaResponse[]> List(ICertificateAuthorities authorities, IdentityArns arns) =>
        TypedResults.Ok<CaResponse[]>([.. authorities.List().Select(ca => CaResponse.From(ca, arns.CaCertificate(ca.Id)))]);

    private static async Task<Ok<CaResponse>> RegisterAsync(CaRequest request, ICertificateAuthorities authorities, IdentityArns arns, Caller caller)
    {
        var registration = new CaRegistration(
            request.Pem, request.VerificationPem, SetAsActive: true, request.AutoRegistration, request.VerificationPem is null ? "SNI_ONLY" : "DEFAULT",
            request.Template is null ? null : new(request.Template, TemplateBody: null, RoleArn: null));
        var ca = await authorities.RegisterAsync(registration, caller.Actor);
        return TypedResults.Ok(CaResponse.From(ca, arns.CaCertificate(ca.Id)));
    }

    private static async Task<Ok<RegistrationCodeResponse>> CodeAsync(ICertificateAuthorities authorities) =>
        TypedResults.Ok(new RegistrationCodeResponse(await authorities.GetRegistrationCodeAsync()));

    private static async Task<Ok<CaResponse>> UpdateAsync(string id, CaChangeRequest request, ICertificateAuthorities authorities, IdentityArns arns, Caller caller)
    {
        var ca = await authorities.UpdateAsync(id, new(request.Active, request.AutoRegistration, Registration: null, RemoveRegistration: false), caller.Actor);
        return TypedResults.Ok(CaResponse.From(ca, arns.CaCertificate(ca.Id)));
    }

    private static async Task<NoContent> DeleteAsync(string id, ICertificateAuthorities authorities, Caller caller)
    {
        await authorities.DeleteAsync(id, caller.Actor);
        return TypedResults.NoContent();
    }
}
