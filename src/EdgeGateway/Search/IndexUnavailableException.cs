namespace EdgeGateway.Search;

/// <summary>There is no such index or it is off (AWS: ResourceNotFoundException), or it is being built (IndexNotReadyException).</summary>
public sealed class IndexUnavailableException(string message, bool isBuilding) : Exception(message)
{
    public bool IsBuilding => isBuilding;
}
