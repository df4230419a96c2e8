namespace EdgeGateway.Search;

/// <summary>How the dynamic groups of the registry fare.</summary>
public interface IDynamicGroups
{
    DynamicGroupStatus StatusOf(string group);
}
