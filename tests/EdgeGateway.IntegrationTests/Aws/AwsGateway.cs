using EdgeGateway.Identity.Credentials;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>The whole gateway with one access key of each role, for AWS's own clients to call.</summary>
public sealed class AwsGateway : IAsyncLifetime
{
    // Debian's own: python3-boto3 and python3-paho-mqtt belong to it, whatever else is on the PATH.
    private const string Python = "/usr/bin/python3";

    // A function that lets everybody in, for authorizers.
    private const string Gate =
        """
        while read -r event; do
          echo '{"isAuthenticated":true,"principalId":"gate","policyDocuments":["{\\"Version\\":\\"2012-10-17\\",\\"Statement\\":{\\"Effect\\":\\"Allow\\",\\"Action\\":\\"iot:*\\",\\"Resource\\":\\"*\\"}}"],"disconnectAfterInSeconds":3600,"refreshAfterInSeconds":300}'
        done

        """;

    private readonly string _gate = Path.GetTempFileName();

    public RunningGateway Running { get; private set; } = null!;
    public IServiceProvider Services => Running.Services;
    public Uri Endpoint => Running.Http;
    public (string Id, string Secret) Administrator { get; private set; }
    public (string Id, string Secret) Operator { get; private set; }
    public (string Id, string Secret) Viewer { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_gate, Gate);
        Running = await RunningGateway.StartAsync([
            "gateway.name=pi", "registry.deprecationWait=0s", "identity.trustClock=true", "identity.functions.gate.command.0=sh", $"identity.functions.gate.command.1={_gate}",
        ]);
        var keys = Services.GetRequiredService<IAccessKeys>();
        Administrator = await CreateAsync(keys, Role.Administrator);
        Operator = await CreateAsync(keys, Role.Operator);
        Viewer = await CreateAsync(keys, Role.Viewer);
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        File.Delete(_gate);
    }

    /// <summary>Runs Python with boto3: <c>iot</c> and <c>data</c> are clients of this gateway as administrator, <c>refused</c> expects an error.</summary>
    public async Task<string> PythonAsync(string script) => (await Programs.RunAsync(Python, ["-c", Preamble + script], Environment())).Succeeded().Output;

    /// <summary>Runs the AWS CLI; its output is JSON.</summary>
    public async Task<string> CliAsync(params string[] arguments) =>
        (await Programs.RunAsync("aws", ["--endpoint-url", Endpoint.ToString(), "--output", "json", .. arguments], Environment())).Succeeded().Output;

    /// <summary>Runs a CommonJS script by Node; AWS's SDKs take their credentials from the environment.</summary>
    public async Task<string> NodeAsync(string script) => (await Programs.NodeAsync(script, Environment())).Succeeded().Output;

    /// <summary>Runs a script with AWS's SDK for JavaScript: <c>call</c> and <c>dataCall</c> run a command of this gateway as administrator, <c>refused</c> expects an error.</summary>
    public Task<string> AwsSdkAsync(string script) => NodeAsync($"{NodePreamble}(async () => {{\n{script}\n}})();");

    /// <summary>What AWS's clients read: keys of the administrator, those of the others by name, and where the gateway is.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["ENDPOINT"] = Endpoint.ToString(),
        ["HTTPS_ENDPOINT"] = $"https://127.0.0.1:{Running.HttpsPort}",
        ["CA_FILE"] = Path.Combine(Running.Folder, "ca", "ca.pem"),
        ["NODE_EXTRA_CA_CERTS"] = Path.Combine(Running.Folder, "ca", "ca.pem"),
        ["MQTTS_PORT"] = Running.MqttsPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["AWS_ACCESS_KEY_ID"] = Administrator.Id,
        ["AWS_SECRET_ACCESS_KEY"] = Administrator.Secret,
        ["AWS_DEFAULT_REGION"] = "eu-central-1",
        ["AWS_REGION"] = "eu-central-1",
        ["AWS_PAGER"] = "",
        ["AWS_CONFIG_FILE"] = "/dev/null",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["VIEWER"] = $"{Viewer.Id} {Viewer.Secret}",
        ["OPERATOR"] = $"{Operator.Id} {Operator.Secret}",
    };

    private const string Preamble =
        """
        import os, json, uuid, boto3, botocore.exceptions
        from botocore.config import Config
        endpoint = os.environ["ENDPOINT"]
        config = Config(retries={"max_attempts": 0})
        iot = boto3.client("iot", endpoint_url=endpoint, config=config)
        data = boto3.client("iot-data", endpoint_url=endpoint, config=config)
        def refused(code, status, call, **arguments):
            try:
                call(**arguments)
            except botocore.exceptions.ClientError as error:
                got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
                assert got == (code, status), f"expected {(code, status)}, got {got}: {error}"
                assert error.response["Error"]["Message"], "no message"
                assert error.response["ResponseMetadata"]["RequestId"], "no request id"
                return error.response
            raise AssertionError(f"expected {code} of {call} with {arguments}")
        def has(operation):
            return hasattr(iot, operation)                                           # the models of Debian 12 are older
        def pages(call, member, **arguments):
            return [item for page in iot.get_paginator(call).paginate(**arguments) for item in page[member]]

        """;

    private const string NodePreamble =
        """
        const assert = require("node:assert");
        const iotLib = require("@aws-sdk/client-iot"), dataLib = require("@aws-sdk/client-iot-data-plane");
        const options = { endpoint: process.env.HTTPS_ENDPOINT, region: "eu-central-1", maxAttempts: 1 };
        const iot = new iotLib.IoTClient(options), data = new dataLib.IoTDataPlaneClient(options);
        const call = (name, input) => iot.send(new iotLib[name + "Command"](input ?? {}));
        const dataCall = (name, input) => data.send(new dataLib[name + "Command"](input ?? {}));
        async function refused(type, status, promise) {
            try { await promise; } catch (error) {
                assert.deepStrictEqual([error.name, error.$metadata?.httpStatusCode], [type, status], error.stack);
                assert.ok(error.message && error.$metadata.requestId);
                return error;
            }
            assert.fail("expected " + type);
        }
        const names = (list, member) => list.map(item => item[member]);
        process.on("unhandledRejection", error => { console.error(error); process.exit(1); });

        """;

    private static async Task<(string, string)> CreateAsync(IAccessKeys keys, Role role)
    {
        var (key, secret) = await keys.CreateAsync(role.ToString().ToLowerInvariant(), role, "test");
        return (key.Id, secret);
    }
}
