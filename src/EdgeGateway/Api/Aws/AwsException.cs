namespace EdgeGateway.Api.Aws;

/// <summary>A call that this edge refuses, in AWS's words: thrown by what reads requests, answered by <see cref="AwsEndpoint"/>.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">As in <c>x-amzn-ErrorType</c>, such as <c>InvalidRequestException</c>.</param>
internal sealed class AwsException(int status, string type, string message) : Exception(message)
{
    public int Status => status;
    public string Type => type;

    public static AwsException InvalidRequest(string message) => new(400, "InvalidRequestException", message);

    public static AwsException Serialization(string message) => new(400, "SerializationException", message);

    public static AwsException NotFound(string message) => new(404, "ResourceNotFoundException", message);

    public static AwsException Missing(string member) => InvalidRequest($"{member} is missing");
}
