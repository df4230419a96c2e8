namespace EdgeGateway.Jobs.Streams;

/// <summary>A request that is answered on <c>rejected</c>.</summary>
internal sealed class StreamRefusal(string code, string message) : Exception(message)
{
    public string Code => code;
}
