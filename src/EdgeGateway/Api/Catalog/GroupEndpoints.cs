using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Thing groups and their members, below <c>/edge/v1/groups</c>.</summary>
internal static class GroupEndpoints
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static void MapThingGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/edge/v1/groups").WithTags("Registry");
        groups.MapGet("", List).WithSummary("Thing groups in order of their names");
        groups.MapGet("/{groupName}", Get).WithSummary("One thing group");
        groups.MapPut("/{groupName}", CreateAsync).WithSummary("Makes a thing group; the same again changes nothing");
        groups.MapPatch("/{groupName}", UpdateAsync).WithSummary("Changes a thing group");
        groups.MapDelete("/{groupName}", DeleteAsync).WithSummary("Deletes a thing group that has no child groups");
        groups.MapGet("/{groupName}/things", Members).WithSummary("Names of the things in the group");
        groups.MapPut("/{groupName}/things/{thingName}", AddAsync).WithSummary("Adds a thing");
        groups.MapDelete("/{groupName}/things/{thingName}", RemoveAsync).WithSummary("Takes a thing out");
    }

    private static Ok<GroupResponse[]> List(IThingGroups groups, IDynamicGroups dynamic) => TypedResults.Ok(groups.All.Select(group => Response(group, groups, dynamic)).ToArray());

    private static Results<Ok<GroupResponse>, ProblemHttpResult> Get(string groupName, IThingGroups groups, IDynamicGroups dynamic) =>
        groups.Find(groupName) is { } group ? TypedResults.Ok(Response(group, groups, dynamic)) : Problems.NotFound("group", groupName);

    private static async Task<Results<Ok<GroupResponse>, ProblemHttpResult>> CreateAsync(
        string groupName, GroupRequest request, IThingGroups groups, IDynamicGroups dynamic, IFleetSearch search, CancellationToken cancellationToken)
    {
        if (request.Query is null)
            return await groups.CreateAsync(groupName, request.ParentName, request.Description, request.Attributes ?? Nothing, request.Tags ?? Nothing, cancellationToken)
                .AnswerAsync(group => Response(group, groups, dynamic));
        if (request.ParentName is not null)
            return Problems.BadRequest("a dynamic group has no parent");
        if (Refuse(request.Query, search) is { } refused)
            return refused;
        return await groups.CreateDynamicAsync(groupName, Query(request.Query), request.Description, request.Attributes ?? Nothing, request.Tags ?? Nothing, cancellationToken)
            .AnswerAsync(group => Response(group, groups, dynamic));
    }

    private static async Task<Results<Ok<GroupResponse>, ProblemHttpResult>> UpdateAsync(
        string groupName, GroupChangeRequest request, IThingGroups groups, IDynamicGroups dynamic, IFleetSearch search, CancellationToken cancellationToken)
    {
        AttributeChange? attributes = request.Attributes is { } values ? new(values, Merge: !request.Replace) : null;
        if (request.Query is not null && Refuse(request.Query, search) is { } refused)
            return refused;
        var isDynamic = request.Query is not null || groups.Find(groupName)?.Query is not null;
        return await (isDynamic
                ? groups.UpdateDynamicAsync(groupName, request.Query is { } query ? Query(query) : null, request.Description, attributes, request.ExpectedVersion, cancellationToken)
                : groups.UpdateAsync(groupName, request.Description, attributes, request.ExpectedVersion, cancellationToken))
            .AnswerAsync(group => Response(group, groups, dynamic));
    }

    private static DynamicQuery Query(string text) => new(IndexName.Things, text, "2017-09-30");

    private static ProblemHttpResult? Refuse(string query, IFleetSearch search)
    {
        if (search.StatusOf(IndexName.Things) == IndexStatus.Off)
            return Problems.Unavailable("the index of things is off, so there are no dynamic groups");
        try
        {
            search.Check(IndexName.Things, query);
            return null;
        }
        catch (QueryException ex)
        {
            return Problems.BadRequest($"query {ex.Message}");
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string groupName, long? expectedVersion, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.Find(groupName) is not { } group
            ? Problems.NotFound("group", groupName)
            : await (group.Query is null ? groups.DeleteAsync(groupName, expectedVersion, cancellationToken) : groups.DeleteDynamicAsync(groupName, expectedVersion, cancellationToken)).AnswerAsync();

    private static Results<Ok<IReadOnlyList<string>>, ProblemHttpResult> Members(string groupName, bool? recursive, IThingGroups groups) =>
        groups.Find(groupName) is null ? Problems.NotFound("group", groupName) : TypedResults.Ok(groups.MembersOf(groupName, recursive ?? false));

    private static Task<Results<NoContent, ProblemHttpResult>> AddAsync(string groupName, string thingName, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(thingName, [groupName], [], cancellationToken).AnswerAsync();

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string groupName, string thingName, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(thingName, [], [groupName], cancellationToken).AnswerAsync();

    private static GroupResponse Response(ThingGroup group, IThingGroups groups, IDynamicGroups dynamic) => new(
        group.Name, group.Id, group.ParentName, [.. groups.AncestorsOf(group.Name).Reverse().Select(static ancestor => ancestor.Name), group.Name], group.Description, group.Attributes,
        group.Version, groups.MembersOf(group.Name, recursive: false).Count, DateTimeOffset.FromUnixTimeMilliseconds(group.CreatedAt),
        group.Query?.QueryString, group.Query is null ? null : dynamic.StatusOf(group.Name).ToString().ToLowerInvariant());
}
