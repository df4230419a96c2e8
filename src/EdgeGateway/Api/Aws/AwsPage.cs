
namespace EdgeGateway.Api.Aws;

/// <summary>
/// One page of a list. A token says after which key the next page begins, not at which offset, so that what is deleted between two pages
/// neither skips nor repeats anything; it holds only for the query it came from, as at AWS.
/// </summary>
/// <param name="NextToken">Null on the last page.</param>
internal sealed record AwsPage<T>(IReadOnlyList<T> Items, string? NextToken);
