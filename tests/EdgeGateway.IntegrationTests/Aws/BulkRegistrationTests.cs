namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>Bulk registration from a file on the gateway, as boto3 starts and watches it.</summary>
public sealed class BulkRegistrationTests(AwsGateway gateway) : IClassFixture<AwsGateway>
{
    [Fact]
    public async Task File_OfThreeLines_TwoThingsAndOneError()
    {
        Directory.CreateDirectory(Path.Combine(gateway.Running.Folder, "buckets", "fleet"));
        await gateway.PythonAsync(
            """
            import subprocess, time, urllib.request
            bucket = os.path.join(os.path.dirname(os.path.dirname(os.environ["CA_FILE"])), "buckets", "fleet")
            key, csr = [os.path.join(bucket, name) for name in ("k.pem", "r.csr")]
            subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", csr, "-subj", "/CN=bulk"], check=True, capture_output=True)
            with open(os.path.join(bucket, "things.jsonl"), "w") as file:
                for name in ("bulk-1", "not a name", "bulk-2"):
                    file.write(json.dumps({"ThingName": name, "CSR": open(csr).read()}) + "\n")
            template = json.dumps({
                "Parameters": {"ThingName": {"Type": "String"}, "CSR": {"Type": "String"}},
                "Resources": {
                    "thing": {"Type": "AWS::IoT::Thing", "Properties": {"ThingName": {"Ref": "ThingName"}}},
                    "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateSigningRequest": {"Ref": "CSR"}, "Status": "ACTIVE"}}}})
            role = "arn:aws:iam::000000000000:role/bulk"
            refused("InvalidRequestException", 400, iot.start_thing_registration_task, templateBody=template, inputFileBucket="fleet", inputFileKey="none", roleArn=role)
            refused("InvalidRequestException", 400, iot.start_thing_registration_task, templateBody=template, inputFileBucket="fleet", inputFileKey="../../ca/ca.key", roleArn=role)
            refused("InvalidRequestException", 400, iot.start_thing_registration_task, templateBody="no template", inputFileBucket="fleet", inputFileKey="things.jsonl", roleArn=role)
            task = iot.start_thing_registration_task(templateBody=template, inputFileBucket="fleet", inputFileKey="things.jsonl", roleArn=role)["taskId"]
            for _ in range(600):
                described = iot.describe_thing_registration_task(taskId=task)
                if described["status"] != "InProgress":
                    break
                time.sleep(0.1)
            assert (described["status"], described["successCount"], described["failureCount"], described["percentageProgress"]) == ("Completed", 2, 1, 100), described
            assert iot.list_thing_registration_tasks(status="Completed")["taskIds"] == [task]
            assert len(iot.list_thing_principals(thingName="bulk-2")["principals"]) == 1
            links = iot.list_thing_registration_task_reports(taskId=task, reportType="ERRORS")["resourceLinks"]
            errors = [json.loads(line) for line in urllib.request.urlopen(links[0])]
            assert [error["lineNumber"] for error in errors] == [2] and "not a name" in errors[0]["errorMessage"], errors
            iot.stop_thing_registration_task(taskId=task)
            assert iot.describe_thing_registration_task(taskId=task)["status"] == "Completed"
            refused("ResourceNotFoundException", 404, iot.describe_thing_registration_task, taskId="none")
            """);
    }
}
