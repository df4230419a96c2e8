using Xunit;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Who is let in, as boto3's own signer signs (Signature Version 4).</summary>
public sealed class SignatureTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public Task Refusals_CarryAwsNames() => gateway.PythonAsync(
        """
        import urllib.request, urllib.error, datetime, time
        from unittest import mock
        client = lambda key, secret, **kw: boto3.client("iot", endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret, **kw)
        refused("InvalidSignatureException", 403, client(os.environ["AWS_ACCESS_KEY_ID"], "wrong" * 8).list_things)
        refused("UnrecognizedClientException", 403, client("AKIAAAAAAAAAAAAAAAAA", "x").list_things)
        refused("UnrecognizedClientException", 403, client(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], aws_session_token="x").list_things)
        def raw(path, method="GET", **headers):
            try:
                return urllib.request.urlopen(urllib.request.Request(endpoint.rstrip("/") + path, method=method, headers=headers))
            except urllib.error.HTTPError as error:
                return error
        bare = raw("/things")
        assert (bare.status, bare.headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException"), bare.headers
        assert bare.headers["x-amzn-RequestId"] and bare.headers["Date"]
        assert raw("/nothing").headers["x-amzn-ErrorType"] == "UnknownOperationException" and raw("/nothing").status == 404
        assert raw("/things/x/shadow", method="PUT").status == 405
        broken = raw("/things", Authorization="AWS4-HMAC-SHA256 Credential=x")
        assert (broken.status, broken.headers["x-amzn-ErrorType"]) == (403, "IncompleteSignatureException"), broken.headers
        # boto3 does not correct its clock: the message names both times.
        import botocore.auth, botocore.compat, contextlib
        signers = [botocore.auth]
        if botocore.compat.HAS_CRT:                                                  # Debian's signs with the C runtime
            import botocore.crt.auth
            signers.append(botocore.crt.auth)
        def shifted(minutes):
            now = lambda *_, **__: datetime.datetime.fromtimestamp(time.time() + 60 * minutes, datetime.timezone.utc)
            if hasattr(botocore.auth, "get_current_datetime"):
                return mock.patch.object(botocore.auth, "get_current_datetime", now)
            stack = contextlib.ExitStack()
            for module in signers:
                stack.enter_context(mock.patch.object(module, "datetime", mock.Mock(datetime=mock.Mock(utcnow=now), timezone=datetime.timezone)))
            return stack
        for minutes, word in ((-6, "Signature expired"), (6, "Signature not yet current")):
            with shifted(minutes):
                message = refused("InvalidSignatureException", 403, iot.list_things)["Error"]["Message"]
                assert word in message and message.count("Z") >= 2, message
        with shifted(-4):
            iot.list_things()
        """);

    [Fact]
    public Task Roles_ViewerLooksOperatorOperates() => gateway.PythonAsync(
        """
        def client(name, service="iot"):
            key, secret = os.environ[name].split()
            return boto3.client(service, endpoint_url=endpoint, config=config, aws_access_key_id=key, aws_secret_access_key=secret)
        viewer, operator = client("VIEWER"), client("OPERATOR")
        viewer.list_things(); viewer.list_policies(); viewer.list_certificates()
        refused("AccessDeniedException", 403, viewer.create_thing, thingName="v")
        operator.create_thing(thingName="o")
        refused("AccessDeniedException", 403, operator.create_keys_and_certificate)
        refused("AccessDeniedException", 403, operator.create_policy, policyName="p", policyDocument="{}")
        refused("ForbiddenException", 403, client("VIEWER", "iot-data").publish, topic="a", payload=b"x")
        client("OPERATOR", "iot-data").publish(topic="a", payload=b"x")
        """);

    [Fact]
    public Task TierC_SaysSoAtOnce() => gateway.PythonAsync(
        """
        retrying = boto3.client("iot", endpoint_url=endpoint)
        for name, arguments in (("list_security_profiles", {}), ("describe_encryption_configuration", {}), ("list_ota_updates", {}),
                                ("list_outgoing_certificates", {}), ("list_certificate_providers", {}), ("list_active_violations", {}),
                                ("transfer_certificate", {"certificateId": "a" * 64, "targetAwsAccount": "1" * 12})):
            if not has(name):
                continue
            answer = refused("NotImplementedException", 501, getattr(retrying, name), **arguments)
            assert answer["ResponseMetadata"]["RetryAttempts"] == 0
            assert "is not available on this gateway" in answer["Error"]["Message"]
        """);

    [Fact]
    public Task OddPathsAndQueries_SignaturesHold() => gateway.PythonAsync(
        """
        topics = ["a b/c+d", "ä/ü", "x//y", "$aws/rules/none/t", "q?r&s=t", "~._-", "a%2Fb", "..", "a/../b"]
        for topic in topics:
            data.publish(topic=topic, qos=1, payload=b"1") if "+" not in topic else refused("InvalidRequestException", 400, data.publish, topic=topic)
        iot.list_things(attributeName="a/b:c", attributeValue="=[]~ +")
        """);
}
