namespace EdgeGateway.Api.Aws;

/// <summary>The AWS service an operation belongs to; clients name it in the scope of their signature.</summary>
internal enum AwsService
{
    Iot,
    IotData,
    IotJobsData,

    /// <summary>The credentials provider, which SDKs do not sign for: a device shows its certificate.</summary>
    Credentials,
}
