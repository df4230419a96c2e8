using EdgeGateway.Identity.Certificates;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Where devices and SDKs find the data plane: here.</summary>
internal sealed class EndpointOperations(AwsOptions options, IListenerPorts ports, IServerCertificate certificate) : IAwsOperations
{
    private const int StandardPort = 443;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers => [new("DescribeEndpoint", Describe)];

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        if (call.Query("endpointType") is not (null or "iot:Data-ATS" or "iot:Data" or "iot:CredentialProvider" or "iot:Jobs") and var type)
            throw AwsException.InvalidRequest($"endpointType is '{type}', expected iot:Data-ATS, iot:Data, iot:CredentialProvider or iot:Jobs");
        var address = options.Endpoint ?? Address(call.Http.Request.Host.Host);
        return new(AwsReply.Json(writer => writer.WriteString("endpointAddress"u8, address)));
    }

    /// <summary>The caller has reached this host, so its devices will, if the server certificate has the name; else the machine's own is said.</summary>
    private string Address(string asked)
    {
        var host = IsCertified(asked) || !IsCertified(Environment.MachineName) ? asked : Environment.MachineName;
        var port = ports.Https ?? StandardPort;
        return port == StandardPort ? host : $"{host}:{port}";
    }

    private bool IsCertified(string host) => host.Length > 0 && certificate.Current.TargetCertificate.MatchesHostname(host.Trim('[', ']'));
}
