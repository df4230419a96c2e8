namespace EdgeGateway.Api.Aws;

/// <summary><c>nextToken</c> of a search, which comes in the body and holds for the query it was given for.</summary>
internal static class SearchToken
{
    public static string Encode(string index, string query, string after) => BoundToken.Encode($"{index}\n{query}", after);

    /// <exception cref="AwsException">It was not given for this query.</exception>
    public static string Decode(string token, string index, string query) =>
        BoundToken.TryDecode(token, $"{index}\n{query}", out var after) ? after : throw AwsException.InvalidRequest("nextToken is not one that this query gave");
}
