using EdgeGateway.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Billing groups and their members, below <c>/edge/v1/billing-groups</c>.</summary>
internal static class BillingGroupEndpoints
{
    private static readonly Dictionary<string, string> NoTags = [];

    public static void MapBillingGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/edge/v1/billing-groups").WithTags("Registry");
        groups.MapGet("", List).WithSummary("Billing groups in order of their names");
        groups.MapGet("/{groupName}", Get).WithSummary("One billing group");
        groups.MapPut("/{groupName}", CreateAsync).WithSummary("Makes a billing group; the same again changes nothing");
        groups.MapPatch("/{groupName}", UpdateAsync).WithSummary("Changes its description");
        groups.MapDelete("/{groupName}", DeleteAsync).WithSummary("Deletes a billing group");
        groups.MapGet("/{groupName}/things", Members).WithSummary("Names of the things in the group");
        groups.MapPut("/{groupName}/things/{thingName}", AddAsync).WithSummary("Adds a thing, which leaves the billing group it was in");
        groups.MapDelete("/{groupName}/things/{thingName}", RemoveAsync).WithSummary("Takes a thing out");
    }

    private static Ok<BillingGroupResponse[]> List(IBillingGroups groups) => TypedResults.Ok(groups.All.Select(group => Response(group, groups)).ToArray());

    private static Results<Ok<BillingGroupResponse>, ProblemHttpResult> Get(string groupName, IBillingGroups groups) =>
        groups.Find(groupName) is { } group ? TypedResults.Ok(Response(group, groups)) : Problems.NotFound("billing group", groupName);

    private static Task<Results<Ok<BillingGroupResponse>, ProblemHttpResult>> CreateAsync(string groupName, BillingGroupRequest request, IBillingGroups groups, CancellationToken cancellationToken) =>
        groups.CreateAsync(groupName, request.Description, NoTags, cancellationToken).AnswerAsync(group => Response(group, groups));

    private static Task<Results<Ok<BillingGroupResponse>, ProblemHttpResult>> UpdateAsync(string groupName, BillingGroupRequest request, IBillingGroups groups, CancellationToken cancellationToken) =>
        groups.UpdateAsync(groupName, request.Description, request.ExpectedVersion, cancellationToken).AnswerAsync(group => Response(group, groups));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string groupName, long? expectedVersion, IBillingGroups groups, CancellationToken cancellationToken) =>
        groups.Find(groupName) is null ? Problems.NotFound("billing group", groupName) : await groups.DeleteAsync(groupName, expectedVersion, cancellationToken).AnswerAsync();

    private static Results<Ok<IReadOnlyList<string>>, ProblemHttpResult> Members(string groupName, IBillingGroups groups) =>
        groups.Find(groupName) is null ? Problems.NotFound("billing group", groupName) : TypedResults.Ok(groups.MembersOf(groupName));

    private static Task<Results<NoContent, ProblemHttpResult>> AddAsync(string groupName, string thingName, IBillingGroups groups, CancellationToken cancellationToken) =>
        groups.AddThingAsync(groupName, thingName, cancellationToken).AnswerAsync();

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string groupName, string thingName, IBillingGroups groups, CancellationToken cancellationToken) =>
        groups.RemoveThingAsync(groupName, thingName, cancellationToken).AnswerAsync();

    private static BillingGroupResponse Response(BillingGroup group, IBillingGroups groups) => new(
        group.Name, group.Id, group.Description, group.Version, groups.MembersOf(group.Name).Count, DateTimeOffset.FromUnixTimeMilliseconds(group.CreatedAt));
}
