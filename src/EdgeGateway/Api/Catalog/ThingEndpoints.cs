using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Things, below <c>/edge/v1/things</c>.</summary>
internal static class ThingEndpoints
{
    private const int DefaultLimit = 10_000;
    private static readonly Dictionary<string, string> Nothing = [];

    public static void MapThings(this IEndpointRouteBuilder routes)
    {
        var things = routes.MapGroup("/edge/v1/things").WithTags("Registry");
        things.MapGet("", List).WithSummary("Things in order of their names");
        things.MapGet("/{thingName}", Get).WithSummary("One thing, with its groups and principals");
        things.MapPut("/{thingName}", CreateAsync).WithSummary("Makes a thing; the same again changes nothing");
        things.MapPatch("/{thingName}", UpdateAsync).WithSummary("Changes a thing");
        things.MapDelete("/{thingName}", DeleteAsync).WithSummary("Deletes a thing that has no principals");
    }

    /// <param name="attribute">A name, or <c>NAME=VALUE</c>.</param>
    /// <param name="group">In this group or below it.</param>
    /// <param name="after">Only names behind this one: the last of the page before.</param>
    private static Results<Ok<ThingResponse[]>, ProblemHttpResult> List(
        string? type, string? attribute, string? group, string? after, int? limit, IThingCatalog catalog, IThingGroups groups)
    {
        if (limit is < 1)
            return Problems.BadRequest($"limit is {limit}, expected 1 or more");
        if (group is not null && groups.Find(group) is null)
            return Problems.NotFound("group", group);
        var (name, value) = attribute?.Split('=', 2) is [var first, .. var rest] ? (first, rest.FirstOrDefault()) : (null, null);
        var members = group is null ? null : groups.MembersOf(group, recursive: true).ToHashSet(StringComparer.Ordinal);
        var wanted = catalog.Things
            .Where(thing => (after is null || string.CompareOrdinal(thing.Name, after) > 0)
                && (type is null || thing.TypeName == type) && (members is null || members.Contains(thing.Name))
                && (name is null || (thing.Attributes.TryGetValue(name, out var actual) && (value is null || actual == value))))
            .Take(limit ?? DefaultLimit);
        return TypedResults.Ok(wanted.Select(ThingResponse.From).ToArray());
    }

    private static Results<Ok<ThingDetail>, ProblemHttpResult> Get(string thingName, IThingCatalog catalog, IThingGroups groups, GatewayOptions gateway) =>
        catalog.Find(thingName) is { } thing ? TypedResults.Ok(Detail(thing, catalog, groups, gateway)) : Problems.NotFound("thing", thingName);

    private static Task<Results<Ok<ThingDetail>, ProblemHttpResult>> CreateAsync(
        string thingName, ThingRequest request, IThings things, IThingCatalog catalog, IThingGroups groups, GatewayOptions gateway, CancellationToken cancellationToken) =>
        things.CreateAsync(thingName, request.TypeName, request.Attributes ?? Nothing, request.BillingGroupName, cancellationToken)
            .AnswerAsync(thing => Detail(thing, catalog, groups, gateway));

    private static Task<Results<Ok<ThingDetail>, ProblemHttpResult>> UpdateAsync(
        string thingName, ThingChangeRequest request, IThings things, IThingCatalog catalog, IThingGroups groups, GatewayOptions gateway, CancellationToken cancellationToken)
    {
        var update = new ThingUpdate(thingName)
        {
            TypeName = request.TypeName,
            RemoveType = request.RemoveType,
            Attributes = request.Attributes is { } values ? new(values, Merge: !request.Replace) : null,
            ExpectedVersion = request.ExpectedVersion,
        };
        return things.UpdateAsync(update, cancellationToken).AnswerAsync(thing => Detail(thing, catalog, groups, gateway));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string thingName, long? expectedVersion, IThings things, IThingCatalog catalog, CancellationToken cancellationToken) =>
        catalog.Find(thingName) is null ? Problems.NotFound("thing", thingName) : await things.DeleteAsync(thingName, expectedVersion, cancellationToken).AnswerAsync();

    private static ThingDetail Detail(Thing thing, IThingCatalog catalog, IThingGroups groups, GatewayOptions gateway) => new(
        thing.Name, thing.Id, gateway.Arn($"thing/{thing.Name}"), thing.TypeName, thing.Attributes, thing.Version, thing.BillingGroupName,
        groups.DirectGroupsOf(thing.Name), catalog.PrincipalsOf(thing.Name));
}
