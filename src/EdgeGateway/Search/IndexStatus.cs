namespace EdgeGateway.Search;

/// <summary>Whether an index can be asked.</summary>
public enum IndexStatus
{
    Off,
    Building,
    Active,
}
