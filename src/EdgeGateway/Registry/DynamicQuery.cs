namespace EdgeGateway.Registry;

/// <summary>What makes a thing a member of a dynamic group.</summary>
/// <param name="IndexName">Such as <c>AWS_Things</c>.</param>
/// <param name="QueryString">In the language of the fleet index, as it was given.</param>
/// <param name="QueryVersion">Such as <c>2017-09-30</c>.</param>
public sealed record DynamicQuery(string IndexName, string QueryString, string QueryVersion);
