namespace EdgeGateway.Search;

/// <summary>The two indexes, by AWS's names.</summary>
internal static class IndexName
{
    public const string Things = "AWS_Things";
    public const string ThingGroups = "AWS_ThingGroups";
}
