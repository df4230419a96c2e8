using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using EdgeGateway.Api.Aws;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.IntegrationTests.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>
/// Whatever is sent to an operation, it succeeds or says in AWS's shape what is wrong; it is never a fault of the gateway. Seconds from
/// <c>EDGEGATEWAY_FUZZ_SECONDS</c>; a failure names its seed.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class OperationFuzzTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    // A key of 2048 bits takes longer than a hundred other calls.
    private static readonly string[] Slow = ["CreateKeysAndCertificate", "CreateProvisioningClaim"];

    [Fact]
    public async Task Served_AnyCall_SucceedsOrIsRefusedInAwsShape()
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 3;
        var endpoint = gateway.Services.GetRequiredService<AwsEndpoint>();
        var routes = AwsRoutes.All.Where(route => endpoint.IsServed(route.Name)).ToArray();
        using var http = gateway.Running.ControlClient();
        var known = Known();
        var began = Stopwatch.GetTimestamp();
        var succeeded = new HashSet<string>();
        var calls = 0;
        for (var seed = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; seed++)
        {
            var random = new Random(seed);
            var route = routes[seed % routes.Length];
            if (Slow.Contains(route.Name) && seed / routes.Length % 50 != 0)
                continue;
            using var request = new RandomCall(random, route, known).ToRequest();
            using var response = await http.SendAsync(request);
            calls++;
            var body = await response.Content.ReadAsByteArrayAsync();
            var status = (int)response.StatusCode;
            var what = $"seed {seed}, {route.Name}: {request.Method} {request.RequestUri} {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())} was answered {status} {System.Text.Encoding.UTF8.GetString(body)}";
            Assert.True(status is 200 or 204 or (>= 400 and < 500) or 501, what);
            if (status is 200 or 204) // 204: DeleteCommand, whose model has the status for a member
            {
                succeeded.Add(route.Name);
                continue;
            }
            Assert.True(response.Headers.TryGetValues("x-amzn-ErrorType", out var type) && type.Single().EndsWith("Exception", StringComparison.Ordinal), what);
            Assert.True(response.Headers.Contains("x-amzn-RequestId"), what);
            using var error = JsonDocument.Parse(body);
            Assert.True(error.RootElement.GetProperty("message").GetString()!.Length > 5, what);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{calls} calls; succeeded: {succeeded.Count} of {routes.Length}; never: {string.Join(", ", routes.Select(static route => route.Name).Except(succeeded))}");
        Assert.True(calls < 20_000 || succeeded.Count > routes.Length * 3 / 4, $"only {succeeded.Count} of {routes.Length} operations ever succeeded: the calls are too wrong");
    }

    /// <summary>As they stand in JSON.</summary>
    private static Dictionary<string, string> Known()
    {
        using var ca = new OwnCa("fuzz");
        using var certificate = ca.Issue("CN=fuzz");
        using var own = X509Certificate2.CreateFromPem(ca.Pem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=fuzz", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new()
        {
            ["@CERTIFICATE@"] = CertificateIds.Of(certificate),
            ["@CAID@"] = CertificateIds.Of(own),
            ["@PEM@"] = Line(certificate.ExportCertificatePem()),
            ["@CA@"] = Line(ca.Pem),
            ["@CSR@"] = Line(csr),
        };

        static string Line(string pem) => pem.ReplaceLineEndings("\\n");
    }
}
