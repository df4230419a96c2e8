using System.Globalization;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>Policies, their versions and what they are attached to.</summary>
internal static class PolicyEndpoints
{
    public static void MapPolicies(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/policies").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", CreateAsync);
        group.MapGet("/{name}", Get);
        group.MapDelete("/{name}", DeleteAsync);
        group.MapGet("/{name}/versions", Versions);
        group.MapPost("/{name}/versions", CreateVersionAsync);
        group.MapPut("/{name}/versions/{version:long}/default", SetDefaultAsync);
        group.MapDelete("/{name}/versions/{version:long}", DeleteVersionAsync);
        group.MapPost("/{name}/targets", AttachAsync);
        group.MapPost("/{name}/targets/remove", DetachAsync);
        routes.MapPost("/edge/v1/policies/explain", Explain).AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
    }

    private static Ok<PolicyResponse[]> List(IPolicies policies, IdentityArns arns) =>
        TypedResults.Ok<PolicyResponse[]>([.. policies.List().Select(policy => Response(policy, policies, arns, document: null, warnings: null))]);

    private static async Task<Ok<PolicyResponse>> CreateAsync(PolicyRequest request, IPolicies policies, IdentityArns arns, Caller caller)
    {
        var version = await policies.CreateAsync(request.Name, request.Document, caller.Actor);
        return TypedResults.Ok(Response(Existing(policies, request.Name), policies, arns, version.Document, version.Warnings));
    }

    private static Ok<PolicyResponse> Get(string name, long? version, IPolicies policies, IdentityArns arns)
    {
        var policy = Existing(policies, name);
        var found = policies.FindVersion(name, version) ?? throw new IdentityException(IdentityError.ResourceNotFound, $"policy {name} has no version {version}");
        return TypedResults.Ok(Response(policy, policies, arns, found.Document, warnings: null));
    }

    private static async Task<NoContent> DeleteAsync(string name, IPolicies policies, Caller caller)
    {
        await policies.DeleteAsync(name, caller.Actor);
        return TypedResults.NoContent();
    }

    private static Ok<PolicyVersionResponse[]> Versions(string name, IPolicies policies)
    {
        Existing(policies, name);
        return TypedResults.Ok<PolicyVersionResponse[]>([.. policies.Versions(name).Select(version => Response(version, warnings: null))]);
    }

    private static async Task<Ok<PolicyVersionResponse>> CreateVersionAsync(string name, PolicyVersionRequest request, IPolicies policies, Caller caller)
    {
        var version = await policies.CreateVersionAsync(name, request.Document, request.SetAsDefault, caller.Actor);
        return TypedResults.Ok(Response(version, version.Warnings));
    }

    private static async Task<NoContent> SetDefaultAsync(string name, long version, IPolicies policies, Caller caller)
    {
        await policies.SetDefaultVersionAsync(name, version, caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteVersionAsync(string name, long version, IPolicies policies, Caller caller)
    {
        await policies.DeleteVersionAsync(name, version, caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> AttachAsync(string name, AttachmentRequest request, IPolicies policies, TargetNames names, Caller caller)
    {
        await policies.AttachAsync(name, names.Target(request.Target), caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DetachAsync(string name, AttachmentRequest request, IPolicies policies, TargetNames names, Caller caller)
    {
        await policies.DetachAsync(name, names.Target(request.Target), caller.Actor);
        return TypedResults.NoContent();
    }

    private static Ok<ExplanationResponse> Explain(ExplanationRequest request, PolicyQuestions questions) => TypedResults.Ok(questions.Answer(request));

    private static Policy Existing(IPolicies policies, string name) =>
        policies.Find(name) ?? throw new IdentityException(IdentityError.ResourceNotFound, $"there is no policy '{name}'");

    private static PolicyResponse Response(Policy policy, IPolicies policies, IdentityArns arns, string? document, IReadOnlyList<string>? warnings) => new(
        policy.Name, arns.Policy(policy.Name), Id(policy.DefaultVersion), policy.Created, policy.Modified, policies.TargetsOf(policy.Name), document, warnings);

    private static PolicyVersionResponse Response(PolicyVersion version, IReadOnlyList<string>? warnings) =>
        new(version.PolicyName, Id(version.Version), version.IsDefault, version.Created, version.Document, warnings);

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);
}
