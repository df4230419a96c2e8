using EdgeGateway.Registry;
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

    private static Ok<GroupResponse[]> List(IThingGroups groups) => TypedResults.Ok(groups.All.Select(group => Response(group, groups)).ToArray());

    private static Results<Ok<GroupResponse>, ProblemHttpResult> Get(string groupName, IThingGroups groups) =>
        groups.Find(groupName) is { } group ? TypedResults.Ok(Response(group, groups)) : Problems.NotFound("group", groupName);

    private static Task<Results<Ok<GroupResponse>, ProblemHttpResult>> CreateAsync(string groupName, GroupRequest request, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.CreateAsync(groupName, request.ParentName, request.Description, request.Attributes ?? Nothing, request.Tags ?? Nothing, cancellationToken)
            .AnswerAsync(group => Response(group, groups));

    private static Task<Results<Ok<GroupResponse>, ProblemHttpResult>> UpdateAsync(string groupName, GroupChangeRequest request, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.UpdateAsync(groupName, request.Description, request.Attributes is { } values ? new(values, Merge: !request.Replace) : null, request.ExpectedVersion, cancellationToken)
            .AnswerAsync(group => Response(group, groups));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string groupName, long? expectedVersion, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.Find(groupName) is null ? Problems.NotFound("group", groupName) : await groups.DeleteAsync(groupName, expectedVersion, cancellationToken).AnswerAsync();

    private static Results<Ok<IReadOnlyList<string>>, ProblemHttpResult> Members(string groupName, bool? recursive, IThingGroups groups) =>
        groups.Find(groupName) is null ? Problems.NotFound("group", groupName) : TypedResults.Ok(groups.MembersOf(groupName, recursive ?? false));

    private static Task<Results<NoContent, ProblemHttpResult>> AddAsync(string groupName, string thingName, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(thingName, [groupName], [], cancellationToken).AnswerAsync();

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string groupName, string thingName, IThingGroups groups, CancellationToken cancellationToken) =>
        groups.ChangeMembershipAsync(thingName, [], [groupName], cancellationToken).AnswerAsync();

    private static GroupResponse Response(ThingGroup group, IThingGroups groups) => new(
        group.Name, group.Id, group.ParentName, [.. groups.AncestorsOf(group.Name).Reverse().Select(static ancestor => ancestor.Name), group.Name], group.Description, group.Attributes,
        group.Version, groups.MembersOf(group.Name, recursive: false).Count, DateTimeOffset.FromUnixTimeMilliseconds(group.CreatedAt));
}
