import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ImageSettings } from '../settings.ts';

/** The image of every role: this repository's own, built for arm64 at deployment, or one named in the settings. */
export function createImage(scope: Construct, settings: ImageSettings): ContainerImage {
  if (settings.kind === 'build') return ContainerImage.fromAsset(process.cwd(), { platform: Platform.LINUX_ARM64 });
  const repository = Repository.fromRepositoryName(scope, 'Repository', settings.repository);
  return ContainerImage.fromEcrRepository(repository, settings.tag);
}
