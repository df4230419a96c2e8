namespace EdgeGateway.Search;

/// <summary>How far a dynamic group is.</summary>
public enum DynamicGroupStatus
{
    /// <summary>New: its members are being found.</summary>
    Building,

    /// <summary>Its query or the index changed, or the query asks for what is not indexed at present: it has the members it had.</summary>
    Rebuilding,
    Active,
}
