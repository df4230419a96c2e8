namespace EdgeGateway.Api.Aws;

/// <summary>The operations of one subject, by their names in <see cref="AwsRoutes"/>.</summary>
internal interface IAwsOperations
{
    IEnumerable<KeyValuePair<string, AwsHandler>> Handlers { get; }
}
