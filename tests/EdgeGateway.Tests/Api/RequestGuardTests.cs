using System.Net;
using EdgeGateway.Api;
using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeGateway.Tests.Api;

public sealed class RequestGuardTests
{
    private static readonly IPAddress Elsewhere = IPAddress.Parse("10.0.0.9");
    private static readonly RequestGuard Demo = new(new(Demo: true, ["greenhouse", "greenhouse.local"]), people: null!, sessions: null!);
    private static readonly RequestGuard Service = new(new(Demo: false, ["greenhouse", "greenhouse.local"]), people: null!, sessions: null!);

    [Theory]
    [InlineData("127.0.0.1:8080", null, null)]
    [InlineData("localhost:8080", "http://localhost:8080", null)]
    [InlineData("[::1]:8080", "http://[::1]:8080", null)]
    [InlineData("GREENHOUSE.local:8080", null, null)]
    [InlineData("evil.example", null, 403)]                           // DNS rebinding: the name leads to 127.0.0.1
    [InlineData("localhost.evil.example:8080", null, 403)]
    [InlineData("127.0.0.1:8080", "http://evil.example", 403)]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:9999", 403)]       // another port is another origin
    [InlineData("127.0.0.1:8080", "https://127.0.0.1:8080", 403)]      // another scheme too
    [InlineData("127.0.0.1:8080", "null", 403)]                        // sandboxed frames and files
    public void RefuseForeign_PlainListener_ByHostAndOrigin(string host, string? origin, int? expected)
    {
        Assert.Equal(expected, Demo.RefuseForeign(Request(host, origin), Listener.Http, IPAddress.Loopback)?.StatusCode);
        Assert.Equal(expected, Service.RefuseForeign(Request(host, origin), Listener.Http, IPAddress.Loopback)?.StatusCode);
    }

    [Theory]
    [InlineData("pi.example:8443", "https://pi.example:8443", null)] // a name the certificate may carry
    [InlineData("pi.example:8443", "https://evil.example", 403)]
    public void RefuseForeign_Tls_ForeignOriginOnly(string host, string origin, int? expected) =>
        Assert.Equal(expected, Service.RefuseForeign(Request(host, origin, scheme: "https"), Listener.Https, Elsewhere)?.StatusCode);

    [Fact]
    public void RefuseForeign_TlsWhereLoopbackStandsForASignIn_ByHostToo() =>
        Assert.Equal(403, Demo.RefuseForeign(Request("evil.example:8443", origin: null, scheme: "https"), Listener.Https, IPAddress.Loopback)?.StatusCode);

    [Fact]
    public void WithoutSignIn_ControlSocketAndDemoOnLoopback_Only()
    {
        Assert.Equal(Caller.Local, Service.WithoutSignIn(Listener.Control, peer: null));
        Assert.Equal(Caller.Demo, Demo.WithoutSignIn(Listener.Http, IPAddress.Loopback));
        Assert.Null(Demo.WithoutSignIn(Listener.Https, Elsewhere));
        Assert.Null(Service.WithoutSignIn(Listener.Http, IPAddress.Loopback));
    }

    [Theory]
    [InlineData("GET", "/edge/v1/things", Role.Viewer, null)]
    [InlineData("PUT", "/edge/v1/things/a", Role.Viewer, 403)]
    [InlineData("PUT", "/edge/v1/things/a", Role.Operator, null)]
    [InlineData("PUT", "/edge/v1/policies/a", Role.Operator, 403)]
    [InlineData("GET", "/edge/v1/policies", Role.Operator, null)]
    [InlineData("PUT", "/edge/v1/policies/a", Role.Administrator, null)]
    [InlineData("GET", "/edge/v1/backup", Role.Operator, 403)] // it holds every key
    [InlineData("PUT", "/EDGE/v1/Policies/a", Role.Operator, 403)] // routing does not look at case
    public void RefuseCaller_ByRole(string method, string path, Role role, int? expected) =>
        Assert.Equal(expected, RequestGuard.RefuseCaller(Request("localhost", origin: null, path, method: method), new Caller(EdgeGateway.Identity.Principal.Gateway, role, "a"))?.StatusCode);

    [Fact]
    public void RefuseCaller_Nobody_MustSignIn() => Assert.Equal(401, RequestGuard.RefuseCaller(Request("localhost", origin: null), caller: null)?.StatusCode);

    [Theory]
    [InlineData("Basic YTpiOmM=", "a", "b:c")]
    [InlineData("basic YTo=", "a", "")]
    public void PersonSignIn_Read_NameAndPassword(string header, string name, string password) => Assert.Equal((name, password), PersonSignIn.Read(header));

    [Theory]
    [InlineData("")]
    [InlineData("Bearer YTpi")]
    [InlineData("Basic !")]
    [InlineData("Basic YQ==")]
    public void PersonSignIn_ReadElse_IsNull(string header) => Assert.Null(PersonSignIn.Read(header));

    private static HttpRequest Request(string host, string? origin, string path = "/edge/v1/status", string scheme = "http", string method = "GET")
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Scheme = scheme;
        request.Host = new HostString(host);
        request.Path = path;
        if (origin is not null)
            request.Headers.Origin = origin;
        return request;
    }
}
