using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Thing types, below <c>/edge/v1/types</c>.</summary>
internal static class TypeEndpoints
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static void MapThingTypes(this IEndpointRouteBuilder routes)
    {
        var types = routes.MapGroup("/edge/v1/types").WithTags("Registry");
        types.MapGet("", List).WithSummary("Thing types in order of their names");
        types.MapGet("/{typeName}", Get).WithSummary("One thing type");
        types.MapPut("/{typeName}", CreateAsync).WithSummary("Makes a thing type; the same again changes nothing");
        types.MapPost("/{typeName}/deprecation", DeprecateAsync).WithSummary("No thing is given this type any more, or again");
        types.MapDelete("/{typeName}", DeleteAsync).WithSummary("Deletes a type that was deprecated long enough and that no thing has");
    }

    private static Ok<TypeResponse[]> List(IThingTypes types) => TypedResults.Ok(types.All.Select(TypeResponse.From).ToArray());

    private static Results<Ok<TypeResponse>, ProblemHttpResult> Get(string typeName, IThingTypes types) =>
        types.Find(typeName) is { } type ? TypedResults.Ok(TypeResponse.From(type)) : Problems.NotFound("thing type", typeName);

    private static Task<Results<Ok<TypeResponse>, ProblemHttpResult>> CreateAsync(string typeName, TypeRequest request, IThingTypes types, CancellationToken cancellationToken) =>
        types.CreateAsync(typeName, new(request.Description, request.SearchableAttributes ?? [], null), request.Tags ?? Nothing, cancellationToken).AnswerAsync(TypeResponse.From);

    private static Task<Results<Ok<TypeResponse>, ProblemHttpResult>> DeprecateAsync(string typeName, DeprecationRequest request, IThingTypes types, CancellationToken cancellationToken) =>
        types.DeprecateAsync(typeName, request.Undo, cancellationToken).AnswerAsync(TypeResponse.From);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string typeName, IThingTypes types, CancellationToken cancellationToken) =>
        await types.DeleteAsync(typeName, cancellationToken).AnswerAsync(TypeResponse.From) is { Result: ProblemHttpResult problem } ? problem : TypedResults.NoContent();
}
